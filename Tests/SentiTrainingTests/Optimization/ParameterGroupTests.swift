import Foundation
import SentiTensor
import Testing

@testable import SentiTraining

@Suite("Parameter groups")
struct ParameterGroupTests {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    for name in ["embedding.weight", "encoder.weight_ih_l0", "encoder.weight_ih_l1", "output.bias"]
    {
      _ = layout.add(name, shape: [2])
    }
    return layout
  }()

  @Test(arguments: [
    ("", true), ("encoder.", true), ("encoder.weight_ih_l0", true), ("*_l0", true),
    ("encoder.*_l0", true), ("e*w*l", true), ("encoder*ih*", true), ("*", true),
    ("encoder.bias", false), ("ncoder", false), ("*_l1", false), ("encoder.weight_ih_l0_", false),
    ("e*l*w", false),
  ])
  func patternsMatchWhatBeginsWithThem(_ pattern: String, _ isMatch: Bool) {
    #expect(ParameterGroup(pattern).matches("encoder.weight_ih_l0") == isMatch)
  }

  @Test func theLastMatchCounts() {
    let groups = [
      ParameterGroup("encoder.", rateFactor: 0.5), ParameterGroup("*_l0", isFrozen: true),
      ParameterGroup("output.", firstEpoch: 1),
    ]
    #expect(groups.rateFactors(Self.layout, epoch: 0) == [1, nil, 0.5, nil])
    #expect(groups.rateFactors(Self.layout, epoch: 1) == [1, nil, 0.5, 1])
    #expect([ParameterGroup]().rateFactors(Self.layout, epoch: 0) == [1, 1, 1, 1])
  }

  @Test func layersLearnMoreSlowlyFurtherDown() {
    let names = ["embedding.", "encoder.", "output."]
    let groups = ParameterGroup.layers(names)
    #expect(groups.map(\.pattern) == names)
    for (group, wanted) in zip(groups, [1 / 6.76, 1 / 2.6, 1]) {
      #expect(abs(group.rateFactor - wanted) < 1e-15)
      #expect(group.firstEpoch == 0)
    }
    let gradual = ParameterGroup.layers(names, divisor: 1, isGradual: true)
    #expect(gradual.map(\.rateFactor) == [1, 1, 1])
    #expect(gradual.map(\.firstEpoch) == [2, 1, 0])
  }

  @Test func groupsSurviveJSON() throws {
    let groups = [ParameterGroup("a", isFrozen: true), ParameterGroup("b*", rateFactor: 0.1)]
    let data = try JSONEncoder().encode(groups)
    #expect(try JSONDecoder().decode([ParameterGroup].self, from: data) == groups)
  }
}
