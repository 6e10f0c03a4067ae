import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Named vectors")
struct NamedVectorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func open(_ name: String, names: String? = nil) throws -> NamedVectors {
    try NamedVectors(contentsOf: folder[name], names: names.map { folder[$0] })
  }

  @Test func arraysTakeNamesFromAFile() throws {
    try folder.write(numPyBytes([1, 2, 3, 4, 5, 6], shape: "(3, 2)"), to: "a.npy")
    try folder.write("cat.jpg\ndog.jpg\r\nowl.jpg", to: "names.txt")
    let vectors = try open("a.npy", names: "names.txt")
    #expect(vectors.names == ["cat.jpg", "dog.jpg", "owl.jpg"])
    #expect(vectors.count == 3)
    #expect(vectors.width == 2)
    #expect(try vectors.rows(1..<3).elements == [3, 4, 5, 6])
    #expect(try open("a.npy").names == ["0", "1", "2"])
  }

  @Test func anArrayOfOneDimensionIsOneVector() throws {
    try folder.write(numPyBytes([1, 2, 3], shape: "(3,)"), to: "a.npy")
    #expect(try open("a.npy").rows(0..<1).row(0) == [1, 2, 3])
  }

  @Test func tensorsAreRowsOrHaveNames() throws {
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([1, 2, 3, 4, 5, 6] as [Float], named: "features", shape: [2, 3])
    try writer.write(to: folder["rows.safetensors"])
    #expect(try open("rows.safetensors").rows(1..<2).row(0) == [4, 5, 6])
    var named = SafetensorsWriter(formatVersion: 1)
    named.append([1, 2] as [Float], named: "cat", shape: [2])
    named.append([3, 4] as [Float], named: "dog", shape: [2])
    try named.write(to: folder["named.safetensors"])
    let vectors = try open("named.safetensors")
    let dog = try #require(vectors.names.firstIndex(of: "dog"))
    #expect(vectors.names.sorted() == ["cat", "dog"])
    #expect(try vectors.rows(dog..<dog + 1).row(0) == [3, 4])
  }

  @Test(arguments: ["csv", "tsv"])
  func tablesNameTheirRows(format: String) throws {
    let comma = format == "csv" ? "," : "\t"
    let rows = ["\"a\"\"b\",1,-2.5e1", "c, 3 ,4"].map { $0.replacing(",", with: comma) }
    let header = "name,x,y".replacing(",", with: comma)
    for lines in [rows, [header] + rows] {
      try folder.write(lines.joined(separator: "\n"), to: "v.\(format)")
      let vectors = try open("v.\(format)")
      #expect(vectors.names == ["a\"b", "c"])
      #expect(try vectors.rows(0..<2).elements == [1, -25, 3, 4])
    }
  }

  @Test func aWrongWidthIsToldWithBoth() throws {
    try folder.write(numPyBytes([1, 2, 3, 4], shape: "(2, 2)"), to: "a.npy")
    #expect(
      folder.complaint { try open("a.npy").requireWidth(1024) }
        == "a.npy: expected vectors of 1024 numbers, found vectors of 2")
    try open("a.npy").requireWidth(2)
    try folder.write("a,1,2\nb,1\n", to: "a.csv")
    #expect(folder.complaint { _ = try open("a.csv") } == "a.csv:2: expected 3 fields, found 2")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteAreToldWithTheRow(value: Float) throws {
    try folder.write(numPyBytes([1, 2, 3, value], shape: "(2, 2)"), to: "a.npy")
    try folder.write("cat\ndog\n", to: "names.txt")
    let vectors = try open("a.npy", names: "names.txt")
    #expect(try vectors.rows(0..<1).elements == [1, 2])
    #expect(
      folder.complaint { _ = try vectors.rows(0..<2) }
        == "a.npy: row 1 (dog): expected finite numbers, found \(value) in column 1")
    try folder.write("cat,1\ndog,\(value)\n", to: "a.csv")
    #expect(
      folder.complaint { _ = try open("a.csv").rows(0..<2) }
        == "a.csv: row 1 (dog): expected finite numbers, found \(value) in column 0")
  }

  @Test func damagedArraysAreRefused() throws {
    let bytes = numPyBytes([1, 2, 3, 4], shape: "(2, 2)")
    try folder.write(bytes.dropLast(), to: "cut.npy")
    #expect(
      folder.complaint { _ = try open("cut.npy") }
        == "cut.npy: cut short: expected \(bytes.count) bytes, found \(bytes.count - 1)")
    try folder.write(numPyBytes([1, 2], shape: "(1, 2)", order: "True"), to: "fortran.npy")
    #expect(
      folder.complaint { _ = try open("fortran.npy") }.contains("expected C order, found Fortran"))
    try folder.write(numPyBytes([1, 2], shape: "(1, 2, 1)"), to: "deep.npy")
    #expect(
      folder.complaint { _ = try open("deep.npy") }
        == "deep.npy: expected an array of 1 or 2 dimensions, found shape [1, 2, 1]")
    try folder.write(numPyBytes([], shape: "(3, 0)"), to: "flat.npy")
    #expect(
      folder.complaint { _ = try open("flat.npy") }
        == "flat.npy: expected vectors, found vectors of 0 numbers")
  }

  @Test(arguments: ["a\nb\nc\n", "a\n"])
  func moreOrFewerNamesThanRowsAreRefused(names: String) throws {
    try folder.write(numPyBytes([1, 2, 3, 4], shape: "(2, 2)"), to: "a.npy")
    try folder.write(names, to: "names.txt")
    #expect(
      folder.complaint { _ = try open("a.npy", names: "names.txt") }
        == "names.txt: expected 2 names, one for each vector, found \(names.count / 2)")
  }

  @Test func emptyAndRepeatedNamesAreRefused() throws {
    try folder.write(numPyBytes([1, 2, 3], shape: "(3, 1)"), to: "a.npy")
    try folder.write("a\n\nb\n", to: "names.txt")
    #expect(
      folder.complaint { _ = try open("a.npy", names: "names.txt") }
        == "names.txt:2: expected a name, found an empty line")
    try folder.write("a\nb\na\n", to: "names.txt")
    #expect(
      folder.complaint { _ = try open("a.npy", names: "names.txt") }
        == "names.txt:3: expected another name than \"a\", which stands there already")
    try folder.write("a,1\na,2\n", to: "a.csv")
    #expect(folder.complaint { _ = try open("a.csv") }.hasPrefix("a.csv:2: expected another name"))
  }

  @Test func otherContentIsRefused() throws {
    try folder.write("a,1\nb,one\n", to: "a.csv")
    #expect(
      folder.complaint { _ = try open("a.csv") } == "a.csv:2: expected a number, found \"one\"")
    try folder.write("", to: "a.mat")
    #expect(
      folder.complaint { _ = try open("a.mat") }
        == "a.mat: expected a name that ends in .npy, .safetensors, .csv or .tsv")
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([1, 2] as [Float], named: "x", shape: [2])
    writer.append([1, 2, 3] as [Float], named: "y", shape: [3])
    try writer.write(to: folder["mixed.safetensors"])
    #expect(
      folder.complaint { _ = try open("mixed.safetensors") }.contains("tensors of 1 and the same"))
    #expect(
      folder.complaint { _ = try open("missing.npy") }.contains("missing.npy: cannot be read"))
    #expect(
      folder.complaint { _ = try open("missing.csv") } == "missing.csv: no such file or folder")
  }
}
