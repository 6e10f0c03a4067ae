import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Corpus error")
struct CorpusErrorTests {
  @Test(arguments: [
    (CorpusError(.missing, path: "a.csv"), "a.csv: no such file or folder"),
    (CorpusError(.isFolder, path: "a"), "a: expected a file, found a folder"),
    (CorpusError(.isNotFolder, path: "a"), "a: expected a folder, found a file"),
    (
      CorpusError(.unreadable(reason: "Permission denied"), path: "a"),
      "a: cannot be read: Permission denied"
    ),
    (
      CorpusError(.unwritable(reason: "No space left on device"), path: "a"),
      "a: cannot be written: No space left on device"
    ),
    (
      CorpusError(.readerGone, path: "standard output"),
      "standard output: nobody reads the output any more"
    ),
    (
      CorpusError(.isInput, path: "a"),
      "a: is read and cannot be written at the same time"
    ),
    (CorpusError(.alreadyExists, path: "a"), "a: exists already and is not replaced"),
    (CorpusError(.empty, path: "a"), "a: expected texts, found none"),
    (CorpusError(.unknownFormat, path: "a"), "a: the format cannot be told from the name"),
    (
      CorpusError(.foreignEncoding(found: "UTF-16"), path: "a"),
      "a: expected UTF-8, found UTF-16"
    ),
    (
      CorpusError(.invalidUTF8(byteOffset: 7), path: "a.csv", line: 3),
      "a.csv:3: expected UTF-8, found an invalid byte at offset 7"
    ),
    (
      CorpusError(.missingField(name: "text", available: ["id", "body"]), path: "a"),
      "a: expected a field named \"text\", found \"id\", \"body\""
    ),
    (
      CorpusError(.missingField(name: "text", available: []), path: "a", line: 2),
      "a:2: expected a field named \"text\", found none"
    ),
    (
      CorpusError(.repeatedField(name: "text"), path: "a"),
      "a: expected one field named \"text\", found several"
    ),
    (
      CorpusError(.unexpectedField(name: "txt", available: ["text", "id"]), path: "a", line: 2),
      "a:2: expected fields among \"text\", \"id\", found \"txt\""
    ),
    (
      CorpusError(.unexpectedValue(field: "text", expected: "text", found: "null"), path: "a"),
      "a: expected text in field \"text\", found null"
    ),
    (
      CorpusError(.fieldCount(expected: 4, found: 3), path: "a", line: 12),
      "a:12: expected 4 fields, found 3"
    ),
    (
      CorpusError(.unclosedQuote, path: "a", line: 1),
      "a:1: expected a closing quote, found none"
    ),
    (
      CorpusError(.malformed(expected: "a colon", found: "\"}\"", byteOffset: 5), path: "a"),
      "a: expected a colon, found \"}\" at byte 5 of the row"
    ),
  ])
  func isOneSentenceWithItsPlace(error: CorpusError, description: String) {
    #expect(error.description == description)
  }

  @Test func carriesPathLineAndProblem() {
    let error = CorpusError(.unclosedQuote, path: "a.csv", line: 4)
    #expect(error.path == "a.csv")
    #expect(error.line == 4)
    #expect(error.problem == .unclosedQuote)
    #expect(error.problem.description == "expected a closing quote, found none")
  }
}
