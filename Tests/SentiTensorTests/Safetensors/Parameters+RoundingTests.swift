import SentiTensor
import Testing

@Suite("Rounding of parameters")
struct ParametersRoundingTests {
  private func rounded(
    _ values: [Float], to type: SafetensorsArchive.ElementType
  ) -> [Float] {
    var layout = ParameterLayout()
    _ = layout.add("values", shape: [values.count])
    return Parameters(layout: layout, values: values).rounded(to: type).values
  }

  @Test func sixteenBitsHoldTheNearestNumber() {
    #expect(rounded([1 + 0x1p-11, 1 + 0x1p-10, 65_519], to: .float16) == [1, 1 + 0x1p-10, 65_504])
  }

  /// What would become infinite is a model that no file may hold.
  @Test func whatSixteenBitsCannotHoldBecomesTheirGreatest() {
    #expect(
      rounded([65_520, -1e30, .greatestFiniteMagnitude], to: .float16) == [65_504, -65_504, 65_504])
    let most = Float(bitPattern: 0x7F7F_0000)
    #expect(
      rounded([.greatestFiniteMagnitude, -3.4e38, 3e38], to: .brainFloat16)
        == [most, -most, 3.0040553e38])
    #expect(rounded([.infinity, -.infinity], to: .brainFloat16) == [.infinity, -.infinity])
    #expect(rounded([.infinity, -.infinity], to: .float16) == [.infinity, -.infinity])
    #expect(rounded([.nan], to: .float16)[0].isNaN)
  }
}
