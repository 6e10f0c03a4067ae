import Foundation
import SentiTensor
import Testing

@Suite("Instruction sets")
struct InstructionSetTests {
  @Test func plainIsThereForBothElementTypes() throws {
    #expect(try #require(Kernels<Float>(.plain)).instructionSet == .plain)
    #expect(try #require(Kernels<Double>(.plain)).instructionSet == .plain)
  }

  /// By what Linux says of the processor, which lists nothing of the kind but on x86-64.
  @Test func theBestIsTheGreatestThatTheProcessorHas() throws {
    let information = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = information.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(separator: " "))
    let needs: [(set: InstructionSet, flags: Set<Substring>)] = [
      (.plain, []), (.avx2, ["avx2", "fma"]),
      (.avx512, ["avx512f", "avx512bw", "avx512dq", "avx512vl"]), (.avx512VNNI, ["avx512_vnni"]),
      (.avx512BF16, ["avx512_bf16"]),
    ]
    let expected = needs.prefix { $0.flags.isSubset(of: flags) }.map { $0.set }
    #expect(InstructionSet.here == expected)
    #expect(InstructionSet.best == expected.last)
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
