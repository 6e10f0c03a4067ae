import SentiTensor
import Testing

@Suite("Archive scalar")
struct ArchiveScalarTests {
  func roundTrip<Scalar: ArchiveScalar>(
    _ values: [Scalar], as type: SafetensorsArchive.ElementType
  ) -> [Scalar]? {
    guard let bytes = Scalar.encode(values.span, as: type) else { return nil }
    return Scalar.decode(bytes.span.bytes, as: type)
  }

  @Test func eachScalarHasATypeThatKeepsIt() {
    #expect(roundTrip([0.1, -.infinity] as [Float], as: Float.elementType) == [0.1, -.infinity])
    #expect(roundTrip([0.1, 0x1p-1070] as [Double], as: Double.elementType) == [0.1, 0x1p-1070])
    #expect(roundTrip([1, 255] as [UInt8], as: UInt8.elementType) == [1, 255])
    #expect(roundTrip([-1, 127] as [Int8], as: Int8.elementType) == [-1, 127])
    #expect(roundTrip([-1, .max] as [Int32], as: Int32.elementType) == [-1, .max])
    #expect(roundTrip([1, .max] as [UInt32], as: UInt32.elementType) == [1, .max])
    #expect(roundTrip([-1, .max] as [Int64], as: Int64.elementType) == [-1, .max])
  }

  @Test(arguments: [SafetensorsArchive.ElementType.integer64, .integer32, .integer8, .unsigned8])
  func floatsAreNotStoredAsWholeNumbers(type: SafetensorsArchive.ElementType) {
    #expect(roundTrip([1] as [Float], as: type) == nil)
    #expect(roundTrip([1] as [Double], as: type) == nil)
    #expect(Float.decode([0, 0, 0, 0, 0, 0, 0, 0].span.bytes, as: type) == nil)
    #expect(Double.decode([0, 0, 0, 0, 0, 0, 0, 0].span.bytes, as: type) == nil)
  }

  @Test func wholeNumbersAreStoredInTheirOwnTypeOnly() {
    #expect(roundTrip([1] as [UInt8], as: .integer8) == nil)
    #expect(UInt8.decode([1].span.bytes, as: .integer8) == nil)
  }

  @Test(arguments: [SafetensorsArchive.ElementType.float64, .float32, .float16, .brainFloat16])
  func specialValuesSurviveEveryFloatingPointType(type: SafetensorsArchive.ElementType) throws {
    let values: [Double] = [0, -0.0, .infinity, -.infinity, .nan, 1, -2]
    let read = try #require(roundTrip(values, as: type))
    #expect(zip(values, read).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(read[1].sign == .minus)
  }
}
