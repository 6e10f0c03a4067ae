import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Foreign format")
struct ForeignFormatTests {
  /// What files of each kind begin with, as their specifications say or their programs write.
  static let files: [(bytes: [UInt8], name: String)] = [
    (zip("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
    (zip("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "a spreadsheet"),
    (zip("word/document.xml", ""), "a Word document"),
    (zip("a.csv", "text"), "a ZIP archive"),
    (Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "a ZIP archive"),
    (Array("%PDF-1.7\n".utf8) + [0xE2, 0xE3], "a PDF document"),
    (Array("PAR1\u{15}\u{4}\u{15}".utf8), "a Parquet file"),
    (Array("ARROW1\0\0".utf8), "an Arrow file"),
    (Array("SQLite format 3\0".utf8), "an SQLite database"),
    ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file"),
    ([0x93] + Array("NUMPY\u{1}\0".utf8), "a NumPy file"),
    ([0x80, 0x04, 0x95, 0x10], "a Python pickle"),
    (Array("BZh91AY&SY".utf8), "a bzip2 file"),
    ([0xFD] + Array("7zXZ\0\0".utf8), "an xz file"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], "an Office document"),
    (Array("{\\rtf1\\ansi".utf8), "a document in Rich Text Format"),
    ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), "a PNG picture"),
    ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"),
    ([0x7F] + Array("ELF\u{2}".utf8), "a program"),
  ]

  private static func zip(_ first: String, _ second: String) -> [UInt8] {
    Array("PK\u{3}\u{4}".utf8) + [20, 0, 6, 0, 8, 0] + Array((first + "PK" + second).utf8)
  }

  @Test(arguments: files, [1, 1 << 20])
  func isRefusedByItsFirstBytes(file: (bytes: [UInt8], name: String), pieceSize: Int) throws {
    let source = ByteSource(bytes: file.bytes, name: "file", pieceSize: pieceSize)
    let error = #expect(throws: CorpusError.self) { try RowReader(source, format: nil) }
    guard case .foreignFile(let found, let advice) = error?.problem else {
      Issue.record("found \(String(describing: error))")
      return
    }
    // What distinguishes archives stands behind the bytes by which they are known.
    let isKnown = found == file.name || (pieceSize == 1 && found == "a ZIP archive")
    #expect(isKnown && !advice.isEmpty)
    #expect(error?.description == "file: expected text, found \(found); \(advice)")
  }

  /// Texts that begin like such files are texts.
  @Test(arguments: [
    "PK", "PKs are good\n", "PAR1 is a name\n", "BZh9 too\n", "ORC!\n", "ARROW1 flies\n",
    "%PDF\n", "Obj", "{\"rtf\":1}", "GIF8 fine", "7z", "P", "%", "\u{FEFF}PK\u{3}\u{4}",
  ])
  func textsThatBeginAlikeAreRead(text: String) throws {
    for pieceSize in [1, 1 << 20] {
      let source = ByteSource(bytes: Array(text.utf8), name: "file", pieceSize: pieceSize)
      #expect(try TextFile.read(source) == Array(text.utf8))
    }
  }

  @Test(
    arguments: [
      ("x.xlsx", "an Excel workbook"), ("a/B.XLS", "an Excel workbook"), ("x.ods", "a spreadsheet"),
      ("x.parquet", "a Parquet file"), ("x.pdf", "a PDF document"), ("x.tar", "a tar archive"),
      ("x.csv", nil), ("x.xlsx.csv", nil), ("xlsx", nil), ("a.xlsx/x", nil), ("", nil),
    ] as [(String, String?)])
  func isToldByTheEndOfTheName(path: String, name: String?) {
    #expect(ForeignFormat(extensionOf: path)?.name == name)
  }

  // MARK: Packed files without their ending

  private func packed(
    _ text: String, by program: String, in folder: TemporaryFolder
  ) throws -> [UInt8] {
    let suffix = program == "gzip" ? "gz" : "zst"
    let sink = try ByteSink(path: folder["x.\(suffix)"], overwrite: true)
    try sink.write([Array(text.utf8)[...]])
    try sink.finish()
    return Array(try folder.bytes("x.\(suffix)"))
  }

  static let text = "text\n" + (0..<50_000).map { "good film \($0)\n" }.joined()

  @Test(arguments: ["gzip", "zstd"])
  func packedFilesAreUnpackedWhateverTheirName(program: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try packed(Self.text, by: program, in: folder)
    #expect(bytes.count < Self.text.utf8.count)
    #expect(try TextFile.read(folder.write(bytes, to: "a.csv")) == Array(Self.text.utf8))
    // In memory, as from a pipe, there is nothing to rewind.
    for pieceSize in [1_000, 1 << 20] {
      let source = ByteSource(bytes: bytes, name: "memory", pieceSize: pieceSize)
      #expect(try TextFile.read(source) == Array(Self.text.utf8))
    }
  }

  @Test func packedPipesAreUnpacked() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(packed(Self.text, by: "gzip", in: folder), to: "a")
    let pipe = Pipe()
    var command = ChildProcess.Command("/bin/cat")
    command.arguments = [path]
    command.streams = [
      .file("/dev/null"), .descriptor(pipe.fileHandleForWriting.fileDescriptor),
    ]
    let process = try ChildProcess(command)
    try pipe.fileHandleForWriting.close()
    let source = ByteSource(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
    #expect(try TextFile.read(source) == Array(Self.text.utf8))
    #expect(process.wait() == 0)
  }

  @Test func whatIsPackedIsLookedAtToo() throws {
    let folder = try TemporaryFolder()
    let bytes = try packed("%PDF-1.4 text", by: "gzip", in: folder)
    let path = try folder.write(bytes, to: "a.csv.gz")
    let error = #expect(throws: CorpusError.self) { try TextFile.read(path) }
    #expect(error?.description.contains("found a PDF document") == true)
  }
}
