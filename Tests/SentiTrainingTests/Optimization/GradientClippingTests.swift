import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Gradient clipping")
struct GradientClippingTests {
  struct File: Decodable {
    let gradients: [String: Fixture.Tensor]
    let cases: [Case]

    struct Case: Decodable {
      let maximumNorm: Double
      let norm: Double
      let clipped: [String: Fixture.Tensor]
    }
  }

  /// PyTorch divides by the norm and 1e-6 more, which is the tolerance here.
  @Test func clipsToTheNormThatPyTorchClipsTo() throws {
    let file: File = try Fixture.read("gradient-clipping")
    let gradients: Parameters<Double> = try OptimizerTests.arena(file.gradients)
    #expect(file.cases.count == 2)
    for item in file.cases {
      #expect(abs(gradients.norm - item.norm) < 1e-14)
      let scale = GradientClipping.scale(norm: gradients.norm, limit: item.maximumNorm)
      let expected: Parameters<Double> = try OptimizerTests.arena(item.clipped)
      let scaled = gradients.values.map { $0 * scale }
      #expect(mismatch(scaled, expected.values, absolute: 0, relative: 1e-6) == nil)
    }
  }

  @Test func scalesDownOnly() {
    #expect(GradientClipping.scale(norm: 4, limit: 1) == 0.25)
    #expect(GradientClipping.scale(norm: 0.5, limit: 1) == 1)
    #expect(GradientClipping.scale(norm: 0, limit: 1) == 1)
    #expect(GradientClipping.scale(norm: 4, limit: nil) == 1)
  }
}
