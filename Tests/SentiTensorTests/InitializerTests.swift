import SentiTensor
import SentiTestSupport
import Testing

@Suite("Initializer")
struct InitializerTests {
  static let rules: [Initializer] = [
    .zeros, .constant(2), .uniform(bound: 0.5), .normal(deviation: 0.2), .glorotUniform,
    .glorotNormal, .heNormal, .heUniform, .lecunNormal, .lecunUniform, .orthogonal,
  ]

  func values(_ rule: Initializer, _ rows: Int, _ columns: Int, seed: UInt64 = 1) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return rule.values(rowCount: rows, columnCount: columns, using: &generator)
  }

  @Test(arguments: rules)
  func theSameSeedGivesTheSameWeights(_ rule: Initializer) {
    #expect(values(rule, 4, 6) == values(rule, 4, 6))
    #expect(values(rule, 4, 6).count == 24)
  }

  @Test(arguments: rules.dropFirst(2))
  func anotherSeedGivesOtherWeights(_ rule: Initializer) {
    #expect(values(rule, 4, 6) != values(rule, 4, 6, seed: 2))
  }

  @Test func theIdentityIsOnTheDiagonal() {
    #expect(values(.identity(), 2, 3) == [1, 0, 0, 0, 1, 0])
    #expect(values(.identity(scale: 0.5), 3, 2) == [0.5, 0, 0, 0.5, 0, 0])
  }

  @Test func constantsAreConstant() {
    #expect(values(.zeros, 1, 2) == [0, 0])
    #expect(values(.constant(-3), 2, 1) == [-3, -3])
  }

  /// At 50 rows and 100 columns; Glorot's bound is sqrt(6 / 150), He's sqrt(6 / 100), LeCun's
  /// sqrt(3 / 100).
  @Test(arguments: [
    (Initializer.uniform(bound: 0.3), 0.3), (.glorotUniform, 0.2), (.heUniform, 0.06.squareRoot()),
    (.lecunUniform, 0.03.squareRoot()),
  ])
  func uniformWeightsFillTheirBounds(_ rule: Initializer, _ bound: Double) {
    let drawn = values(rule, 50, 100)
    #expect(drawn.allSatisfy { abs($0) <= bound })
    #expect((drawn.max() ?? 0) > 0.98 * bound)
    #expect((drawn.min() ?? 0) < -0.98 * bound)
    #expect(abs(drawn.reduce(0, +) / 5000) < 0.02 * bound + 0.005)
  }

  /// At 200 rows and 50 columns; He's deviation is sqrt(2 / 50), LeCun's sqrt(1 / 50), Glorot's
  /// sqrt(2 / 250).
  @Test(arguments: [
    (Initializer.normal(deviation: 0.5), 0.5), (.heNormal, 0.2),
    (.lecunNormal, 0.02.squareRoot()), (.glorotNormal, 0.008.squareRoot()),
  ])
  func normalWeightsHaveTheirDeviation(_ rule: Initializer, _ deviation: Double) {
    let drawn = values(rule, 200, 50)
    let mean = drawn.reduce(0, +) / 10_000
    let variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
    #expect(abs(mean) < 0.04 * deviation)
    #expect(abs(variance.squareRoot() - deviation) < 0.03 * deviation)
  }

  @Test(arguments: [(7, 7), (5, 12), (12, 5), (1, 3), (3, 1)])
  func orthogonalRowsOrColumnsAreOrthonormal(_ rows: Int, _ columns: Int) {
    let matrix = Matrix<Double>(
      rowCount: rows, columnCount: columns, elements: values(.orthogonal, rows, columns))
    let short = min(rows, columns)
    func product(_ left: Int, _ right: Int) -> Double {
      (0..<max(rows, columns)).reduce(0) { sum, index in
        rows <= columns
          ? sum + matrix[left, index] * matrix[right, index]
          : sum + matrix[index, left] * matrix[index, right]
      }
    }
    for left in 0..<short {
      for right in 0..<short {
        #expect(abs(product(left, right) - (left == right ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func fillsABlockOfRowsOnly() {
    var layout = ParameterLayout()
    let slots = [layout.add("a", shape: [2, 2]), layout.add("b", shape: [3, 2])]
    var parameters = Parameters<Float>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    parameters.initialize(slots[1], .constant(5), rows: 1..<2, using: &generator)
    #expect(parameters.values == [0, 0, 0, 0, 0, 0, 5, 5, 0, 0])
    parameters.initialize(slots[0], .constant(1), using: &generator)
    #expect(parameters[slots[0]] == [1, 1, 1, 1])
  }

  @Test func stopsAtRowsThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      let slot = layout.add("a", shape: [2, 2])
      var parameters = Parameters<Float>(layout: layout)
      var generator = SeededGenerator(seed: 1)
      parameters.initialize(slot, .zeros, rows: 1..<3, using: &generator)
    }
  }
}
