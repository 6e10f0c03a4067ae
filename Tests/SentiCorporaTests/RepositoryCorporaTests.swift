import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

/// The texts under `corpora/`, which were written for this project.
@Suite("The repository's own corpora")
struct RepositoryCorporaTests {
  /// The folder `corpora` at the top of the repository.
  private var folder: String {
    Repository.folder.appending(path: "corpora").path
  }

  /// Texts and labels by id, where the file holds more than those two.
  private func rows(_ name: String, _ format: CorpusFormat) throws -> [[String]] {
    let reader = try RowReader(ByteSource(path: "\(folder)/\(name)"), format: format)
    return try reader.map { row in
      let row = try row.get()
      return try ["id", "text", "label", "topic"].map { try row.text(of: $0) }
    }
  }

  @Test func holdTheSameReviewsInAllFormats() throws {
    let csv = try rows("reviews.csv", .csv)
    #expect(try rows("reviews.jsonl", .jsonl) == csv)
    let files = try Corpus(CorpusReader("\(folder)/reviews")).texts.map { file in
      let id = URL(fileURLWithPath: file.origin.path).deletingPathExtension().lastPathComponent
      return [id, String(file.text.dropLast()), file.label ?? ""]
    }
    let byID = files.sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }
    #expect(byID == csv.map { Array($0.prefix(3)) })
  }

  @Test func endEachTextFileWithOneLineFeed() throws {
    let texts = try Corpus(CorpusReader("\(folder)/reviews")).texts.map(\.text)
    #expect(texts.allSatisfy { $0.hasSuffix("\n") && !$0.hasSuffix("\n\n") })
  }

  @Test func areCountedInTheirREADME() throws {
    let rows = try rows("reviews.csv", .csv)
    let readme = String(decoding: try TextFile.read("\(folder)/README.md"), as: UTF8.self)
    for topic in ["film", "product", "restaurant"] {
      let labels = rows.filter { $0[3] == topic }.map { $0[2] }
      let positiveCount = labels.count { $0 == "positive" }
      let negativeCount = labels.count { $0 == "negative" }
      #expect(
        readme.contains("| \(topic) | \(positiveCount) | \(negativeCount) | \(labels.count) |"))
    }
    #expect(rows.count == 47)
    #expect(Set(rows.map { $0[1] }).count == 47)
  }

  @Test func haveOneVeryLongReview() throws {
    let long = try #require(try rows("reviews.csv", .csv).first { $0[0] == "film-salt-clerk-long" })
    #expect(long[1].split { $0 == " " || $0 == "\n" }.count > 2_400)
  }

  @Test func readWithoutAProblemThroughEveryDoor() throws {
    for name in ["reviews", "reviews.csv", "reviews.jsonl"] {
      let corpus = try Corpus(CorpusReader("\(folder)/\(name)"))
      #expect(corpus.labels == ["negative", "positive"])
      #expect(corpus.problems.isEmpty)
    }
    let review = try TextFile.read("\(folder)/review.txt")
    #expect(firstInvalidUTF8Offset(in: review) == nil)
  }
}
