import Testing

@testable import SentiServer

@Suite("JSON text")
struct JSONTextTests {
  @Test func writesMembersInTheirOrder() {
    let value = JSONText.object([
      ("b", .array([.integer(1), .number(0.1), .boolean(true)])), ("a", .string("é")),
    ])
    #expect(String(decoding: value.bytes, as: UTF8.self) == #"{"b":[1,0.1,true],"a":"é"}"#)
  }

  @Test func escapesQuotesAndControls() {
    let value = JSONText.string("\"\\\n\u{1B}\u{7F}</script>")
    #expect(
      String(decoding: value.bytes, as: UTF8.self)
        == #""\"\\\u000a\u001b\u007f</script>""#)
  }

  @Test func writesNumbersThatAreNoneAsNull() {
    let value = JSONText.array([.number(.nan), .number(.infinity)])
    #expect(String(decoding: value.bytes, as: UTF8.self) == "[null,null]")
  }
}
