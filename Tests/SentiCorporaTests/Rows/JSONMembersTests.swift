import SentiCorpora
import Testing

@Suite("JSON members")
struct JSONMembersTests {
  private func members(_ json: String) -> JSONMembers? { JSONMembers(Array(json.utf8)[...]) }

  @Test func eachKindIsFoundByItsName() {
    let found = members(
      #" {"a":"é\u00e9\n\ud83d\ude00","b":-1.5e1,"c":[1,[2]],"d":null,"e":true} "#)
    #expect(found?.names == ["a", "b", "c", "d", "e"])
    #expect(found?.string("a") == "\u{E9}\u{E9}\n\u{1F600}")
    #expect(found?.number("b") == -15)
    #expect(found?.array("c").map { String(decoding: $0, as: UTF8.self) } == "[1,[2]]")
    #expect(found?.string("b") == nil && found?.number("a") == nil && found?.array("d") == nil)
    #expect(found?.number("e") == nil && found?.number("f") == nil)
  }

  @Test func numbersThatAreNotFiniteAreNone() {
    #expect(members(#"{"a":1e999}"#)?.number("a") == nil)
  }

  @Test(arguments: ["", "[]", "{", #"{"a":1,"a":2}"#, #"{"a":}"#, #"{"a":1} x"#, #"{"a":"\x"}"#])
  func whatIsNoObjectIsRefused(_ json: String) {
    #expect(members(json) == nil)
  }

  @Test func halfOfASurrogatePairIsNoString() {
    #expect(members(#"{"a":"\ud83d"}"#)?.string("a") == nil)
  }
}
