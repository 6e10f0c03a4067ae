import Testing

@testable import SentiTensor

@Suite("Floats of sixteen bits")
struct FloatSixteenBitsTests {
  @Test func everyFloat16HasTheCompilersValue() {
    for bits in UInt16.min...UInt16.max {
      let expected = Float(Float16(bitPattern: bits))
      let found = Float(float16Bits: bits)
      guard found.isNaN && expected.isNaN || found.bitPattern == expected.bitPattern else {
        Issue.record("\(bits): expected \(expected), found \(found)")
        return
      }
    }
  }

  @Test func everyBrainFloat16ComesBack() {
    for bits in UInt16.min...UInt16.max {
      let value = Float(brainFloat16Bits: bits)
      guard value.isNaN || value.brainFloat16Bits == bits else {
        Issue.record("\(bits): found \(value.brainFloat16Bits)")
        return
      }
    }
  }

  /// Expected values by `torch.tensor(x).to(torch.bfloat16)`.
  @Test(
    arguments: [
      (1.0, 0x3F80), (1.00390625, 0x3F80), (1.01171875, 0x3F82), (0x1.010002p0, 0x3F81),
      (-3.1415927, 0xC049), (3.4e38, 0x7F80), (.infinity, 0x7F80), (-.infinity, 0xFF80),
      (0x1p-149, 0x0000), (-0.0, 0x8000),
    ] as [(Float, UInt16)])
  func roundsToTheNearestEvenBrainFloat16(value: Float, bits: UInt16) {
    #expect(value.brainFloat16Bits == bits)
  }

  @Test func notANumberStaysNotANumber() {
    // The payload of this one lies in the lower half only.
    let value = Float(bitPattern: 0x7F80_0001)
    #expect(Float(brainFloat16Bits: value.brainFloat16Bits).isNaN)
  }

  /// Rounded first to `Float`, each would be a tie, and the tie would go to the even neighbour.
  @Test(
    arguments: [
      (1 + 0x1p-8 + 0x1p-40, 0x3F81), (1 + 0x1.8p-7 - 0x1p-40, 0x3F81), (1 + 0x1p-8, 0x3F80),
      (-(1 + 0x1p-8 + 0x1p-40), 0xBF81), (1e300, 0x7F80), (-1e-300, 0x8000), (0, 0),
    ] as [(Double, UInt16)])
  func doublesAreRoundedOnce(value: Double, bits: UInt16) {
    #expect(Float(roundingToOdd: value).brainFloat16Bits == bits)
  }

  @Test func roundingToOddKeepsWhatIsExactOrInfinite() {
    #expect(Float(roundingToOdd: 0.5) == 0.5)
    #expect(Float(roundingToOdd: .infinity) == .infinity)
    #expect(Float(roundingToOdd: .nan).isNaN)
  }
}
