import Testing

@testable import SentiTensor

@Suite("Aligned array")
struct AlignedArrayTests {
  @Test(arguments: [0, 1, 3, 16, 17, 1000, 100_000])
  func elementsBeginAtACacheLine(count: Int) {
    var array = AlignedArray<Float>(zeros: count)
    let isAligned = unsafe UInt(bitPattern: array.mutableAddress()) % 64 == 0
    #expect(isAligned && array.elements == [Float](repeating: 0, count: count))
  }

  /// Memory of few bytes, and of so many that it is aligned by hand.
  @Test(arguments: [3, 5000])
  func aCopyIsWrittenAlone(count: Int) {
    let numbers = (0..<count).map(Double.init)
    var first = AlignedArray<Double>(numbers)
    let second = first
    first[1] = 7
    first.replace(from: count - 1, with: [-8])
    #expect(first[0..<count] == [0, 7] + numbers[2..<count - 1] + [-8])
    #expect(second[0..<count] == numbers)
    let isAligned = unsafe UInt(bitPattern: first.address) % 64 == 0
    #expect(isAligned)
  }

  @Test func stopsOutsideOfTheElements() async {
    await #expect(processExitsWith: .failure) { _ = AlignedArray<Float>(zeros: 2)[2] }
    await #expect(processExitsWith: .failure) { _ = AlignedArray<Float>(zeros: 2)[1..<3] }
    await #expect(processExitsWith: .failure) {
      var array = AlignedArray<Float>(zeros: 0)
      array[0] = 1
    }
    await #expect(processExitsWith: .failure) {
      var array = AlignedArray<Float>(zeros: 2)
      array.replace(from: 1, with: [1, 2])
    }
  }
}
