import Foundation
import SentiModels
import SentiTestSupport
import SentiText
import Testing

@Suite("senti tokenize")
struct TokenizeCommandTests {
  @Test func printsOneTokenALine() throws {
    let outcome = try Workplace().run("tokenize", input: "It's a Film, isn't it?\n")
    #expect(outcome == .init(output: "It's\na\nFilm\n,\nisn't\nit\n?\n"))
  }

  @Test func givesPlacesAndKindsInTabSeparatedValues() throws {
    let place = try Workplace()
    try place.folder.write("Caf\u{E9} 3.5 \u{1F44D}\u{1F3FD}$", to: "a.txt")
    let outcome = try place.run("tokenize", "--format", "tsv", "a.txt")
    #expect(
      outcome.output == """
        file\tstart\tend\tkind\tid\ttext
        a.txt\t0\t5\tword\t\tCaf\u{E9}
        a.txt\t6\t9\tnumber\t\t3.5
        a.txt\t10\t18\temoji\t\t\u{1F44D}\u{1F3FD}
        a.txt\t18\t19\tsymbol\t\t$

        """)
  }

  @Test func rangesCutTheOriginalAlsoWhenTheTextIsNormalized() throws {
    let text = "\u{FF27}\u{FF4F}\u{FF4F}\u{FF44}<br />STRA\u{DF}E &amp; \u{FB01}lm"
    let outcome = try Workplace().run(
      "tokenize", "--format", "jsonl", "--normalize", "reviews", input: text)
    let tokens = try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(tokens.map { $0["text"] as? String } == ["good", "strasse", "&", "film"])
    let pieces = try tokens.map { token in
      let start = try #require(token["start"] as? Int)
      let end = try #require(token["end"] as? Int)
      return String(decoding: Array(text.utf8)[start..<end], as: UTF8.self)
    }
    #expect(
      pieces == ["\u{FF27}\u{FF4F}\u{FF4F}\u{FF44}", "STRA\u{DF}E", "&amp;", "\u{FB01}lm"])
  }

  @Test func aVocabularyNumbersTheTokens() throws {
    let place = try Workplace()
    try TinyModel.classifier().pipeline.vocabulary.write(to: place.folder["tiny.vocab"])
    let outcome = try place.run(
      "tokenize", "--vocab", "tiny.vocab", "--format", "jsonl", input: "A zzz")
    #expect(
      outcome.output == """
        {"file":"-","start":0,"end":1,"kind":"word","id":5,"text":"a"}
        {"file":"-","start":2,"end":5,"kind":"word","id":1,"text":"zzz"}

        """)
  }

  @Test func withoutAVocabularyTheNumberIsNull() throws {
    let outcome = try Workplace().run("tokenize", "--format", "jsonl", input: "\"")
    let line = #"{"file":"-","start":0,"end":1,"kind":"punctuation","id":null,"text":"\""}"#
    #expect(outcome.output == line + "\n")
  }

  @Test(arguments: [
    (
      "sentence", "It ends. Why?\tSo.\n\n\u{597D}\u{3002}\u{597D}",
      "It ends.\nWhy?\nSo.\n\u{597D}\u{3002}\n\u{597D}\n"
    ),
    (
      "grapheme", "e\u{301} \u{1F468}\u{200D}\u{1F469}\n",
      "e\u{301}\n\u{1F468}\u{200D}\u{1F469}\n"
    ),
    ("line", "well-known film", "well-\nknown\nfilm\n"), ("word", "a b", "a\nb\n"),
  ])
  func cutsIntoOtherUnits(unit: String, text: String, expected: String) throws {
    #expect(try Workplace().run("tokenize", "--unit", unit, input: text) == .init(output: expected))
  }

  @Test func sentencesHaveTheirPlacesInTheOriginal() throws {
    let outcome = try Workplace().run(
      "tokenize", "--unit", "sentence", "--format", "jsonl", "--normalize", "html",
      input: "One &amp; all.<br />Two.")
    #expect(
      outcome.output == """
        {"file":"-","start":0,"end":20,"kind":"sentence","id":null,"text":"One & all.\\u000a"}
        {"file":"-","start":20,"end":24,"kind":"sentence","id":null,"text":"Two."}

        """)
  }

  @Test func writesEveryFormat() throws {
    let place = try Workplace()
    let text = "say \"no\""
    let json = try place.run("tokenize", "--format", "json", "--text", text)
    let lines = try place.run("tokenize", "--format", "jsonl", "--text", text)
    let objects = lines.output.split(separator: "\n")
    #expect(objects.count == 4)
    #expect(json.output == "[\n" + objects.joined(separator: ",\n") + "\n]\n")
    let csv = try place.run("tokenize", "--format", "csv", input: text)
    #expect(csv.output.hasPrefix("file,start,end,kind,id,text\n-,0,3,word,,say\n"))
    #expect(csv.output.contains("\n-,4,5,punctuation,,\"\"\"\"\n"))
    let tsv = try place.run("tokenize", "--format", "tsv", input: text)
    #expect(tsv.output.contains("\n-\t4\t5\tpunctuation\t\t\"\n"))
  }

  @Test func joinsAddressesOnRequest() throws {
    let text = "see www.a.de or x@b.de @me #fun"
    let outcome = try Workplace().run("tokenize", "--format", "tsv", "--join", "all", input: text)
    let rows = outcome.output.split(separator: "\n").dropFirst()
    let kinds = rows.map { $0.split(separator: "\t")[3] }
    #expect(kinds == ["word", "url", "word", "email", "mention", "hashtag"])
    let some = try Workplace().run("tokenize", "--join", "urls,mentions", input: text)
    #expect(some.output.hasPrefix("see\nwww.a.de\nor\nx"))
    #expect(some.output.hasSuffix("@me\n#\nfun\n"))
    let wrong = try Workplace().run("tokenize", "--join", "phones", input: text)
    #expect(wrong.errors.contains("'phones'") && wrong.status == 64)
  }

  @Test func aTokenizerFileCutsIntoSubwords() throws {
    let place = try Workplace()
    var trainer = try BytePairTrainer(form: .nfc)
    for _ in 0..<3 { trainer.add("the film the film") }
    let encoding = try trainer.encoding(size: 300)
    try place.folder.write(encoding.tokenizerJSON(), to: "bpe.json")
    let outcome = try place.run(
      "tokenize", "--vocab", "bpe.json", "--format", "tsv", input: "the film\n")
    let rows = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    #expect(rows.map { $0[4] } == encoding.encode("the film\n").map { "\($0)"[...] })
    #expect(rows.map { $0[5] } == ["the", " film", "\\n"])
    #expect(rows.map { "\($0[1])..<\($0[2])" } == ["0..<3", "3..<8", "8..<9"])
    #expect(rows.allSatisfy { $0[3] == "subword" })
  }

  @Test(arguments: [[], ["--unit", "sentence"], ["--unit", "grapheme", "--normalize", "nfkc"]])
  func aLongLineIsCutInPiecesAsTheWhole(options: [String]) throws {
    let place = try Workplace()
    let outcome = try Senti.shell(
      """
      yes 'No end. Why not? ' 2> yes | head -c 396000 | tr -d '\\n' > once
      senti tokenize \(options.joined(separator: " ")) once > one
      for i in 1 2 3; do cat once; done | senti tokenize \(options.joined(separator: " ")) > three
      cat one one one | cmp - three
      """, in: place.folder)
    #expect(outcome == .init())
  }

  @Test func unitsExcludeVocabulariesAndJoining() throws {
    for options in [["--vocab", "v"], ["--join", "all"]] {
      let outcome = try Senti.run(
        ["tokenize", "--unit", "line", "a.txt"] + options, in: Workplace().folder)
      #expect(outcome.errors.hasPrefix("Error: With --vocab and --join, the unit is the word.\n"))
      #expect(outcome.status == 64)
    }
    let outcome = try Workplace().run("tokenize", "--vocab", "v", "--join", "all", "a.txt")
    #expect(outcome.errors.hasPrefix("Error: With --vocab, words are not joined;"))
  }

  @Test func aWrongByteIsPlacedInAllOfTheText() throws {
    let place = try Workplace()
    try place.folder.write(
      Array(String(repeating: "word ", count: 100_000).utf8) + [0xC0, 0xAF], to: "bad.txt")
    let outcome = try place.run("tokenize", "bad.txt")
    let message = """
      senti: bad.txt: expected UTF-8, found an invalid byte at offset 500000; --encoding reads \
      others, such as windows-1252

      """
    #expect(outcome.errors == message && outcome.status == 65)
  }

  @Test func missingDataOfICUExitsWith70() throws {
    let place = try Workplace()
    // A library of data without any, in the place of ICU's own.
    try place.folder.write(
      """
      #include <unicode/uversion.h>
      #define NAME2(major) icudt##major##_dat
      #define NAME(major) NAME2(major)
      _Alignas(16) const struct {
        unsigned short headerSize; unsigned char magic[2]; unsigned short size, reserved;
        unsigned char info[16]; unsigned char padding[8]; unsigned count, end;
      } NAME(U_ICU_VERSION_MAJOR_NUM) = {32, {0xda, 0x27}, 20, 0,
        {0, 0, 2, 0, 'T', 'o', 'C', 'P', 1, 0, 0, 0, 0, 0, 0, 0}, {0}, 0, 0};
      """, to: "empty.c")
    let outcome = try Senti.shell(
      """
      major=\(ICUVersion.linked.icu.prefix { $0 != "." })
      clang -shared -fPIC -o libicudata.so.$major empty.c -Wl,-soname,libicudata.so.$major
      echo text | LD_LIBRARY_PATH="$PWD:$LD_LIBRARY_PATH" senti tokenize
      """, in: place.folder)
    #expect(outcome.output.isEmpty && outcome.status == 70)
    #expect(outcome.errors.hasPrefix("senti: ICU could not open a word iterator: U_"))
  }

  @Test func badFilesDoNotStopTheOthers() throws {
    let place = try Workplace()
    try place.folder.write([0x61, 0xFF], to: "bad.txt")
    try place.folder.write("fine", to: "fine.txt")
    let outcome = try place.run("tokenize", "bad.txt", "fine.txt", "none.txt")
    let messages = """
      senti: bad.txt: expected UTF-8, found an invalid byte at offset 1; --encoding reads others, \
      such as windows-1252
      senti: none.txt: no such file or folder

      """
    #expect(outcome == .init(output: "fine\n", errors: messages, status: 1))
  }

  @Test func anEmptyFileHasNoTokens() throws {
    #expect(try Workplace().run("tokenize", input: "") == .init())
  }

  @Test func theVocabularyExcludesANormalization() throws {
    let outcome = try Workplace().run("tokenize", "--vocab", "v", "--normalize", "nfc", "a.txt")
    #expect(
      outcome.errors.hasPrefix(
        "Error: With --vocab, the vocabulary says how texts are normalized.\n"))
    #expect(outcome.status == 64)
  }

  @Test func anUnknownLocaleExitsWith64() throws {
    let outcome = try Workplace().run("tokenize", "--locale", "xx_YY", input: "a")
    #expect(outcome == .init(errors: "senti: ICU knows no locale \"xx_YY\"\n", status: 64))
  }

  @Test func anUnknownStepExitsWith64() throws {
    let outcome = try Workplace().run("tokenize", "--normalize", "nfc,shout", input: "a")
    #expect(outcome.errors.contains("'nfc,shout'") && outcome.status == 64)
  }
}
