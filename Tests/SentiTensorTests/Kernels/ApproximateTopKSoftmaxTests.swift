import SentiTensor
import Testing

/// The screen against the softmax that is computed in full, in every instruction set.
struct ApproximateTopKSoftmaxTests {
  private static func layer(
    _ columns: Int, depth: Int, deviation: Double = 0.3, seed: UInt64 = 3
  ) -> (parameters: Parameters<Float>, weights: ParameterSlot, bias: ParameterSlot) {
    var layout = ParameterLayout()
    let weights = layout.add("weight", shape: [columns, depth])
    let bias = layout.add("bias", shape: [columns])
    var generator = SeededGenerator(seed: seed)
    let values = (0..<layout.elementCount).map { _ in Float(deviation * generator.normal()) }
    return (Parameters(layout: layout, values: values), weights, bias)
  }

  private static func rows(_ count: Int, _ depth: Int, seed: UInt64 = 4) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    let elements = (0..<count * depth).map { _ in Float(0.5 * generator.normal()) }
    return Matrix(rowCount: count, columnCount: depth, elements: elements)
  }

  /// Logarithms of probabilities in double precision.
  private static func softmax(
    _ row: [Float], _ parameters: Parameters<Float>, _ weights: ParameterSlot, _ bias: ParameterSlot
  ) -> [Double] {
    let (values, biases) = (parameters[weights], parameters[bias])
    let logits = (0..<weights.rowCount).map { column in
      row.indices.reduce(Double(biases[column])) {
        $0 + Double(row[$1]) * Double(values[column * row.count + $1])
      }
    }
    return PlainKernels.logSoftmax(
      Matrix(rowCount: 1, columnCount: logits.count, elements: logits)
    ).elements
  }

  /// Widths around panels and tiles, depths around vectors and words of four bytes.
  @Test(arguments: InstructionSet.here, [1, 2, 31, 48, 49, 130, 1_003])
  func findsWhatTheWholeSoftmaxFinds(set: InstructionSet, columns: Int) throws {
    let kernels = try #require(Kernels<Float>(set))
    for depth in [1, 3, 16, 37, 130] {
      let (parameters, weights, bias) = Self.layer(columns, depth: depth)
      let screen = ApproximateTopKSoftmax(
        parameters, weights: weights, bias: bias, kernels: kernels)
      let rows = Self.rows(13, depth)
      let count = min(6, columns)
      let required = (0..<13).map { Int32($0 % 3 == 0 ? -1 : $0 % columns) }
      let found = screen.topK(count, of: rows, required: required)
      for row in 0..<13 {
        let expected = Self.softmax(rows.row(row), parameters, weights, bias)
        for rank in 0..<count {
          let column = Int(found.columns[row * count + rank])
          let value = Double(found.logProbabilities[row * count + rank])
          #expect(abs(value - expected[column]) < 0.01)
          // The distance from the first is exact, and so is the order.
          let first = Int(found.columns[row * count])
          let distance = Double(found.logProbabilities[row * count]) - value
          #expect(abs(distance - (expected[first] - expected[column])) < 1e-5)
        }
        let best = PlainKernels.top(count, of: expected)
        #expect(Set(found.columns[row * count..<(row + 1) * count]) == Set(best.map(Int32.init)))
        guard required[row] >= 0 else { continue }
        #expect(abs(Double(found.required[row]) - expected[Int(required[row])]) < 0.01)
      }
    }
  }

  @Test func aRowHasTheSameBitsAloneAndInABatch() {
    let (parameters, weights, bias) = Self.layer(1_500, depth: 70)
    let screen = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
    let rows = Self.rows(150, 70)
    let all = screen.topK(5, of: rows, required: Array(repeating: 7, count: 150))
    for row in [0, 1, 63, 64, 100, 149] {
      let alone = screen.topK(5, of: rows.rows([Int32(row)]), required: [7])
      #expect(alone.logProbabilities == Array(all.logProbabilities[row * 5..<row * 5 + 5]))
      #expect(alone.columns == Array(all.columns[row * 5..<row * 5 + 5]))
      #expect(alone.required == [all.required[row]])
    }
  }

  /// Every column is as great as every other, so that all of them are computed again.
  @Test func ofEqualColumnsTheFirstComeFirst() {
    let (parameters, weights, bias) = Self.layer(700, depth: 20, deviation: 0)
    let screen = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
    let found = screen.topK(3, of: Self.rows(9, 20), required: Array(repeating: -1, count: 9))
    #expect(found.columns == (0..<9).flatMap { _ in [0, 1, 2] })
    #expect(found.logProbabilities.allSatisfy { abs($0 + 6.5510803) < 1e-5 })
  }

  /// One column has nearly all the probability, after others set the reference far below it.
  @Test func aColumnFarAboveTheOthersTakesAll() {
    let (start, weights, bias) = Self.layer(300, depth: 20)
    var values = start.values
    values[bias.range.lowerBound + 250] = 200
    let screen = ApproximateTopKSoftmax(
      Parameters(layout: start.layout, values: values), weights: weights, bias: bias)
    let found = screen.topK(2, of: Self.rows(4, 20), required: [-1, 250, -1, -1])
    for row in 0..<4 {
      #expect(found.columns[row * 2] == 250)
      #expect(found.logProbabilities[row * 2] == 0)
      #expect(found.logProbabilities[row * 2 + 1] < -150)
    }
    #expect(found.required[1] == 0)
  }

  /// So many equal columns come first that they are settled, each off by the same as rounded; then
  /// comes one beside which all of them, and what they were off by, are nothing.
  @Test(arguments: InstructionSet.here)
  func whatWasSettledShrinksWithTheSum(set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let (start, weights, bias) = Self.layer(500, depth: 20)
    var values = start.values
    let (first, place) = (start[weights][..<20], weights.range.lowerBound)
    for column in 0..<500 {
      values.replaceSubrange(place + 20 * column..<place + 20 * (column + 1), with: first)
      values[bias.range.lowerBound + column] = column == 400 ? 30 : 0
    }
    let screen = ApproximateTopKSoftmax(
      Parameters(layout: start.layout, values: values), weights: weights, bias: bias,
      kernels: kernels)
    let found = screen.topK(2, of: Self.rows(4, 20), required: Array(repeating: -1, count: 4))
    for row in 0..<4 {
      #expect(found.columns[row * 2] == 400)
      #expect(abs(found.logProbabilities[row * 2]) < 1e-6)
      #expect(abs(found.logProbabilities[row * 2 + 1] + 30) < 1e-4)
    }
  }

  @Test func ofAWholeSoftmaxEachRowHasItsOwn() {
    let logarithms = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [-1, -2, -4, -3, -5, -6])
    let found = TopK(1, of: logarithms, required: [1, -1, 0])
    #expect(found.columns == [0, 1, 0] && found.logProbabilities == [-1, -3, -5])
    #expect(found.required == [-2, -.infinity, -5])
  }

  @Test func aRowThatIsNotFiniteHasNone() {
    let (parameters, weights, bias) = Self.layer(100, depth: 8)
    let screen = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
    var rows = Self.rows(3, 8)
    rows[1, 5] = .nan
    let found = screen.topK(2, of: rows, required: [-1, -1, -1])
    #expect(found.columns[2...3] == [-1, -1])
    #expect(found.logProbabilities[2...3] == [-.infinity, -.infinity])
    #expect(found.columns[0] >= 0 && found.columns[4] >= 0)
  }

  @Test func noRowsFindNothing() {
    let (parameters, weights, bias) = Self.layer(100, depth: 8)
    let screen = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
    #expect(screen.topK(2, of: Self.rows(0, 8), required: []).columns.isEmpty)
  }

  @Test func stopsAtALayerOfAnotherModel() async {
    await #expect(processExitsWith: .failure) {
      let (parameters, _, _) = ApproximateTopKSoftmaxTests.layer(10, depth: 8)
      let (_, weights, bias) = ApproximateTopKSoftmaxTests.layer(20, depth: 8)
      _ = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
    }
  }

  @Test func stopsAtMoreColumnsThanThereAre() async {
    await #expect(processExitsWith: .failure) {
      let (parameters, weights, bias) = ApproximateTopKSoftmaxTests.layer(10, depth: 8)
      let screen = ApproximateTopKSoftmax(parameters, weights: weights, bias: bias)
      _ = screen.topK(11, of: ApproximateTopKSoftmaxTests.rows(1, 8), required: [-1])
    }
  }
}
