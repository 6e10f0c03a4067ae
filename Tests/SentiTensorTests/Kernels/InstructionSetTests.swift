import SentiTensor
import Testing

@Suite("Instruction sets")
struct InstructionSetTests {
  @Test func plainIsThereForBothElementTypes() throws {
    #expect(try #require(Kernels<Float>(.plain)).instructionSet == .plain)
    #expect(try #require(Kernels<Double>(.plain)).instructionSet == .plain)
  }

  @Test func theBestIsTheGreatestThatThereIs() {
    #expect(InstructionSet.best == InstructionSet.here.max())
    #expect(Kernels<Float>.best.instructionSet == InstructionSet.best)
    #expect(Kernels<Double>.best.instructionSet == .plain)
  }

  @Test func slowerComesBeforeFaster() {
    #expect(InstructionSet.plain < .avx2)
    #expect(InstructionSet.avx2 < .avx512)
    #expect(InstructionSet.avx512 < .avx512VNNI)
    #expect(InstructionSet.avx512VNNI < .avx512BF16)
    #expect(
      InstructionSet.allCases.map(\.rawValue)
        == ["plain", "avx2", "avx512", "avx512-vnni", "avx512-bf16"])
  }

  @Test func precisionsAreNamedAsInModelFiles() {
    #expect(WeightPrecision.allCases.map(\.rawValue) == ["full", "bfloat16", "int8"])
  }

  @Test func elementTypesNameTheirKernels() {
    #expect(Float.kernelScalar == .float32)
    #expect(Double.kernelScalar == .float64)
  }
}

extension InstructionSet {
  /// Those that this machine has.
  static let here = allCases.filter { Kernels<Float>($0) != nil }
}
