internal import SentiCorpora
public import SentiTensor

/// Vectors with names: images as any encoder sees them, for instance.
///
///     let vectors = try NamedVectors(contentsOf: "features.npy", names: "images.txt")
///     let first = try vectors.rows(0..<64)
///
/// Three formats are read, by the end of the path:
///
/// - `.npy`: an array `[N, D]`, or `[D]` for one vector; see `NumPyArray`. Names come from a file of
///   one name a line; without one they are the rows' numbers, from 0.
/// - `.safetensors`: one tensor `[N, D]`, named in the same way, or many tensors `[D]` whose own names
///   are the vectors'.
/// - `.csv`, `.tsv`: a row a vector, its name first, with or without a header.
///
/// Rows of a `.npy` file are read when they are asked for; other files are read whole.
public struct NamedVectors: Sendable {
  /// The path of the file.
  public let path: String
  /// One name a row.
  public let names: [String]
  /// The number of elements of each vector, `D`.
  public let width: Int
  private let values: Values

  /// The elements of rows.
  private typealias Values = @Sendable (Range<Int>) throws(ArchiveError) -> [Float]

  /// The number of vectors, `N`.
  public var count: Int { names.count }

  /// Opens a file of vectors.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - namesPath: A file of names, one a line, for formats that hold none.
  /// - Throws: A ``VectorError`` that says what is wrong with either file.
  public init(contentsOf path: String, names namesPath: String? = nil) throws(VectorError) {
    let table: Table
    if path.hasSuffix(".npy") {
      table = try Self.array(path)
    } else if path.hasSuffix(".safetensors") {
      table = try Self.tensors(path)
    } else if let format = CorpusFormat(extensionOf: path), format == .csv || format == .tsv {
      table = try Self.rows(path, format)
    } else {
      throw .unknownFormat(path: path)
    }
    guard table.width > 0 else {
      throw .unexpectedContent(path: path, expected: "vectors", found: "vectors of 0 numbers")
    }
    self.path = path
    width = table.width
    values = table.values
    if let namesPath {
      names = try Self.names(namesPath, count: table.rowCount)
    } else {
      names = table.names ?? (0..<table.rowCount).map { "\($0)" }
    }
  }

  /// Reads vectors.
  ///
  /// - Parameter range: Which rows, counted from 0.
  /// - Returns: The vectors, `[rows, D]`.
  /// - Throws: `VectorError.notFinite` where one holds a value that is not finite,
  ///   `VectorError.archive(_:)` where the file was written to since it was opened.
  /// - Complexity: O(elements), with one allocation.
  public func rows(_ range: Range<Int>) throws(VectorError) -> Matrix<Float> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
    let elements = try VectorError.archive { () throws(ArchiveError) in try values(range) }
    if let place = elements.firstIndex(where: { !$0.isFinite }) {
      let row = range.lowerBound + place / width
      throw .notFinite(
        path: path, row: row, name: names[row], column: place % width, value: elements[place])
    }
    return Matrix(rowCount: range.count, columnCount: width, elements: elements)
  }

  /// Checks that the vectors are as wide as somebody needs them.
  ///
  /// - Parameter expected: The width.
  /// - Throws: `VectorError.width` with both numbers.
  public func requireWidth(_ expected: Int) throws(VectorError) {
    guard width == expected else { throw .width(path: path, expected: expected, found: width) }
  }

  // MARK: Formats

  private typealias Table = (names: [String]?, rowCount: Int, width: Int, values: Values)

  private static func array(_ path: String) throws(VectorError) -> Table {
    let array = try VectorError.archive { () throws(ArchiveError) in
      try NumPyArray(contentsOf: path)
    }
    guard let width = array.shape.last, array.shape.count <= 2 else {
      throw .unexpectedContent(
        path: path, expected: "an array of 1 or 2 dimensions", found: "shape \(array.shape)")
    }
    let rowCount = array.shape.count == 2 ? array.shape[0] : 1
    let values: Values = { (rows) throws(ArchiveError) in
      try array.values(rows.lowerBound * width..<rows.upperBound * width)
    }
    return (nil, rowCount, width, values)
  }

  private static func tensors(_ path: String) throws(VectorError) -> Table {
    let archive = try VectorError.archive { () throws(ArchiveError) in
      try SafetensorsArchive(contentsOf: path)
    }
    let tensors = archive.tensors
    func values(_ name: String) throws(VectorError) -> [Float] {
      try VectorError.archive { () throws(ArchiveError) in try archive.values(named: name) }
    }
    if tensors.count == 1, tensors[0].shape.count == 2 {
      let (all, width) = (try values(tensors[0].name), tensors[0].shape[1])
      return (
        nil, tensors[0].shape[0], width,
        { Array(all[$0.lowerBound * width..<$0.upperBound * width]) }
      )
    }
    guard let width = tensors.first?.shape.first, tensors.allSatisfy({ $0.shape == [width] }) else {
      throw .unexpectedContent(
        path: path, expected: "one tensor of 2 dimensions, or tensors of 1 and the same size",
        found: tensors.map { "\($0.name) \($0.shape)" }.prefix(3).joined(separator: ", "))
    }
    var all: [Float] = []
    for tensor in tensors { all += try values(tensor.name) }
    let elements = all
    return (
      tensors.map(\.name), tensors.count, width,
      { Array(elements[$0.lowerBound * width..<$0.upperBound * width]) }
    )
  }

  private static func rows(_ path: String, _ format: CorpusFormat) throws(VectorError) -> Table {
    let reader = try VectorError.corpus { () throws(CorpusError) in
      try RowReader(ByteSource(path: path), format: format, hasHeader: false)
    }
    var (names, elements, width) = ([String](), [Float](), 0)
    var lines: [String: Int] = [:]
    for row in reader {
      let (fields, line) = try VectorError.corpus { () throws(CorpusError) in
        let row = try row.get()
        return (row.kind == .blank ? [] : try row.texts(), row.line)
      }
      guard let name = fields.first else { continue }
      if width == 0, lines.isEmpty, fields.count > 1, number(fields[1]) == nil {
        width = fields.count - 1
        continue
      }
      width = fields.count - 1
      guard !name.isEmpty, lines.updateValue(line, forKey: name) == nil else {
        throw .unusableName(path: path, line: line, name: name)
      }
      names.append(name)
      for field in fields.dropFirst() {
        guard let value = number(field) else {
          throw .notANumber(path: path, line: line, found: field)
        }
        elements.append(value)
      }
    }
    let (all, columns) = (elements, width)
    return (
      names, names.count, width, { Array(all[$0.lowerBound * columns..<$0.upperBound * columns]) }
    )
  }

  private static func number(_ field: String) -> Float? {
    Float(field.drop { $0 == " " }.prefix { $0 != " " })
  }

  private static func names(_ path: String, count: Int) throws(VectorError) -> [String] {
    let reader = try VectorError.corpus { () throws(CorpusError) in
      try RowReader(ByteSource(path: path), format: .lines)
    }
    var names: [String] = []
    var known: Set<String> = []
    for row in reader {
      let (name, line) = try VectorError.corpus { () throws(CorpusError) in
        let row = try row.get()
        return (try row.text(of: "text"), row.line)
      }
      guard !name.isEmpty, known.insert(name).inserted else {
        throw .unusableName(path: path, line: line, name: name)
      }
      names.append(name)
    }
    guard names.count == count else {
      throw .nameCount(path: path, expected: count, found: names.count)
    }
    return names
  }
}
