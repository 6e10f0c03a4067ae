/// A kind of file that holds no text that could be read as it is, told by its first bytes.
///
/// Such a file is refused with what to do instead, so that its bytes are never taken for a text.
public struct ForeignFormat: Hashable, Sendable {
  /// What messages call such a file, with its article.
  public let name: String
  /// What to do with it.
  public let advice: String
  /// What the names of such files end in, without the dot.
  let extensions: [String]
  /// The first bytes of such a file; one of these.
  private let signatures: [[UInt8]]
  /// Further bytes somewhere in the first piece of the file, where the first alone do not tell.
  private let marker: [UInt8]?

  /// Describes a kind; each character of a signature or marker is the byte of its number.
  private init(
    _ name: String, _ advice: String, _ extensions: [String], _ signatures: [String],
    marker: String? = nil
  ) {
    (self.name, self.advice, self.extensions) = (name, advice, extensions)
    self.signatures = signatures.map(Self.bytes)
    self.marker = marker.map(Self.bytes)
  }

  private static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// Tells the kind from the end of a name, where it is one of these.
  ///
  /// - Parameter path: The path of a file; its content is not looked at.
  public init?(extensionOf path: String) {
    let name = path.split(separator: "/").last?.lowercased() ?? ""
    guard let ending = name.split(separator: ".").dropFirst().last,
      let match = Self.all.first(where: { $0.extensions.contains(String(ending)) })
    else { return nil }
    self = match
  }

  /// Tells the kind from the first piece of a file.
  init?(content bytes: some Collection<UInt8>) {
    let match = Self.all.first { format in
      format.signatures.contains { bytes.starts(with: $0) }
        && format.marker.map { bytes.contains($0) } ?? true
    }
    guard let match else { return nil }
    self = match
  }

  /// Whether more bytes could make a signature of these.
  static func isBeginning(_ bytes: [UInt8]) -> Bool {
    all.contains { format in
      format.signatures.contains { $0.count > bytes.count && $0.starts(with: bytes) }
    }
  }

  private static let toCSV = "save it as CSV"
  private static let toText = "save it as plain text"
  private static let export = "export it as CSV or JSON Lines"
  private static let unpack = "unpack it"
  private static let noText = "it holds no text"
  private static let zip = ["PK\u{3}\u{4}", "PK\u{5}\u{6}"]
  private static let oldOffice = ["\u{D0}\u{CF}\u{11}\u{E0}\u{A1}\u{B1}\u{1A}\u{E1}"]

  /// All kinds; of those with the same signature the one whose marker is found comes first.
  private static let all: [ForeignFormat] = [
    ForeignFormat("an Excel workbook", toCSV, ["xlsx", "xlsm"], zip, marker: "xl/"),
    ForeignFormat("a spreadsheet", toCSV, ["ods"], zip, marker: "opendocument.spreadsheet"),
    ForeignFormat("a Word document", toText, ["docx", "docm"], zip, marker: "word/"),
    ForeignFormat("a text document", toText, ["odt"], zip, marker: "opendocument.text"),
    ForeignFormat("a ZIP archive", unpack, ["zip"], zip),
    ForeignFormat("an Excel workbook", toCSV, ["xls", "xlsb"], oldOffice, marker: "W\0o\0r\0k\0b"),
    ForeignFormat("an Office document", toText, ["doc", "ppt", "pptx"], oldOffice),
    ForeignFormat(
      "a PDF document", "extract its text, for example by pdftotext", ["pdf"], ["%PDF-"]),
    ForeignFormat("a document in Rich Text Format", toText, ["rtf"], ["{\\rtf"]),
    ForeignFormat(
      "a Parquet file", export, ["parquet", "pq"], ["PAR1\u{15}", "PAR1\u{19}", "PARE\u{15}"]),
    ForeignFormat("an Arrow file", export, ["arrow", "feather"], ["ARROW1\0", "FEA1"]),
    ForeignFormat("an ORC file", export, ["orc"], ["ORC\u{8}", "ORC\u{A}"]),
    ForeignFormat("an Avro file", export, ["avro"], ["Obj\u{1}"]),
    ForeignFormat(
      "an SQLite database", export, ["sqlite", "sqlite3", "db"], ["SQLite format 3\0"]),
    ForeignFormat("an HDF5 file", export, ["h5", "hdf5"], ["\u{89}HDF\r\n"]),
    ForeignFormat("a NumPy file", export, ["npy", "npz"], ["\u{93}NUMPY"]),
    ForeignFormat(
      "a Python pickle", export, ["pkl", "pickle"],
      ["\u{80}\u{2}\u{95}", "\u{80}\u{3}\u{95}", "\u{80}\u{4}\u{95}", "\u{80}\u{5}\u{95}"]),
    ForeignFormat("a bzip2 file", unpack, ["bz2"], (1...9).map { "BZh\($0)1AY&SY" }),
    ForeignFormat("an xz file", unpack, ["xz"], ["\u{FD}7zXZ\0"]),
    ForeignFormat("a 7z archive", unpack, ["7z"], ["7z\u{BC}\u{AF}\u{27}\u{1C}"]),
    ForeignFormat("a RAR archive", unpack, ["rar"], ["Rar!\u{1A}\u{7}"]),
    ForeignFormat("an LZ4 file", unpack, ["lz4"], ["\u{4}\u{22}\u{4D}\u{18}"]),
    ForeignFormat("a tar archive", unpack, ["tar", "tgz"], []),
    ForeignFormat("a PNG picture", noText, ["png"], ["\u{89}PNG\r\n"]),
    ForeignFormat("a JPEG picture", noText, ["jpg", "jpeg"], ["\u{FF}\u{D8}\u{FF}"]),
    ForeignFormat("a GIF picture", noText, ["gif"], ["GIF87a", "GIF89a"]),
    ForeignFormat("a program", noText, [], ["\u{7F}ELF"]),
  ]
}
