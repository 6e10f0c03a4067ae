import Foundation
import SentiTestSupport
import Testing

@Suite("senti evaluate captioner and translator")
struct EvaluateGenerationCommandsTests {
  private let place: WritersPlace

  init() throws {
    place = try WritersPlace()
    try place.folder.write(
      """
      sleeping cat#0\tA cat sleeps.
      sleeping cat#1\tA cat that sleeps.
      running cat#0\tA cat runs.
      sleeping dog#0\tA dog sleeps, too.

      """, to: "c.tsv")
    try place.folder.write("the cat runs .\nthe dog sleeps .\n", to: "s.en")
    try place.folder.write("Die Katze rennt.\nDer Hund schl\u{E4}ft.\n", to: "t.de")
  }

  @Test func captionsAreMeasured() throws {
    let found = try place.run(
      "evaluate", "captioner", "v.npy", "c.tsv", "--names", "names.txt", "-m",
      "captioner.safetensors", "--lowercase", "--beam", "2")
    #expect(found.status == 0)
    #expect(found.errors == "vectors without captions, left out: 1\n")
    #expect(found.output.hasPrefix("texts                 3\nBLEU-1           100.00\n"))
    #expect(found.output.contains("exact              0.00\n"))
    #expect(
      found.output.hasSuffix("\nnrefs:var|case:lc|eff:no|tok:13a|smooth:exp|version:senti\n"))
    let capitals = try place.run(
      "evaluate", "captioner", "v.npy", "c.tsv", "--names", "names.txt", "-m",
      "captioner.safetensors", "--capitals")
    #expect(capitals.output.contains("exact            100.00\n"))
  }

  @Test func translationsAreMeasured() throws {
    let found = try place.run(
      "evaluate", "translator", "s.en", "t.de", "-m", "translator.safetensors", "--format", "json")
    #expect(found.status == 0)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    #expect(json["texts"] as? Int == 2)
    #expect(abs((try #require(json["bleu_4"] as? Double)) - 100) < 1e-9)
    #expect(json["exact"] as? Double == 100)
    #expect(json["chrf"] as? Double == 100)
    #expect(json["data"] as? String == "s.en")
    #expect((json["signature"] as? String)?.hasPrefix("nrefs:1|case:mixed") == true)
  }

  @Test func readsOtherEncodings() throws {
    try place.folder.write(
      Array("Die Katze rennt.\nDer Hund schl".utf8) + [0xE4] + Array("ft.\n".utf8), to: "t.de")
    let command = ["evaluate", "translator", "s.en", "t.de", "-m", "translator.safetensors"]
    #expect(try Senti.run(command, in: place.folder).status == 65)
    let found = try Senti.run(command + ["--encoding", "latin-1"], in: place.folder)
    #expect(found.output.contains("exact            100.00\n"))
  }

  @Test func aMissedLimitIsAStatus() throws {
    try place.folder.write("Der Hund.\nDie Katze.\n", to: "wrong.de")
    let found = try place.run(
      "evaluate", "translator", "s.en", "wrong.de", "-m", "translator.safetensors",
      "--min-bleu", "99")
    #expect(found.status == 1)
    #expect(found.errors.hasPrefix("senti: s.en: expected a BLEU-4 of 99.0 or more, found "))
  }

  @Test func filesOfOtherLengthsAreRefused() throws {
    try place.folder.write("Die Katze rennt.\n", to: "short.de")
    let found = try place.run(
      "evaluate", "translator", "s.en", "short.de", "-m", "translator.safetensors")
    #expect(found.status == 65)
    #expect(found.errors == "senti: short.de: expected 2 lines, as in s.en, found 1\n")
  }

  @Test func captionsThatAreWrongAreRefused() throws {
    func refusal(_ captions: String) throws -> String {
      try place.folder.write(captions, to: "bad.tsv")
      let found = try place.run(
        "evaluate", "captioner", "v.npy", "bad.tsv", "--names", "names.txt", "-m",
        "captioner.safetensors")
      #expect(found.status == 65)
      return found.errors
    }
    #expect(
      try refusal("a bat\ta bat\n")
        == "senti: bad.tsv:1: expected the name of a vector in v.npy, found \"a bat\"\n")
    #expect(
      try refusal("running cat\t \n") == "senti: bad.tsv:1: expected a caption, found no words\n")
  }
}
