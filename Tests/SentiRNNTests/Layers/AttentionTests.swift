import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Attention")
struct AttentionTests {
  /// What is found is a mean of rows: multiplied, it is the mean of the multiplied rows.
  @Test(arguments: AttentionKind.allCases)
  func aMemoryOfProductsGivesTheProductsOfWhatIsFound(_ kind: AttentionKind) {
    var layout = ParameterLayout()
    let attention = Attention(
      kind, querySize: 5, valueSize: 6, size: 7, prefix: "attention.", layout: &layout)
    let slots = [3, 4].map { layout.add("matrix\($0)", shape: [$0, 6]) }
    var generator = SeededGenerator(seed: 2)
    let parameters: Parameters<Float> = generator.parameters(layout, deviation: 0.5)
    let weights = attention.weights(parameters, isForTraining: false, foldsProjections: true)
    let sequences = PackedSequences(lengths: [4, 2])
    let values: Matrix<Float> = generator.matrix(6, 6)
    let queries: Matrix<Float> = generator.matrix(3, 5)
    let matrices = slots.map { PackedMatrix(parameters, $0, columns: 0..<6) }

    var plain = Attention.Workspace<Float>(attention)
    attention.forward(
      queries, sources: [0, 0, 1], memory: attention.memory(values, sequences, weights), weights,
      &plain)
    var workspace = Attention.Workspace<Float>(attention, productSize: 7)
    attention.forward(
      queries, sources: [0, 0, 1],
      memory: attention.memory(values, sequences, weights, multipliedBy: matrices), weights,
      &workspace)

    #expect(mismatch(workspace.weights, plain.weights, absolute: 1e-6) == nil)
    var column = 0
    for matrix in matrices {
      var expected = Matrix<Float>(rowCount: 3, columnCount: matrix.columnCount)
      matrix.kernels.multiply(MatrixBlock(plain.context, rows: 0..<3), by: matrix, into: &expected)
      let found = workspace.context.columns(column..<column + matrix.columnCount)
      #expect(mismatch(found, expected, absolute: 1e-5) == nil)
      column += matrix.columnCount
    }
    #expect(column == workspace.context.columnCount)
  }

  @Test(arguments: AttentionKind.allCases)
  func gradientsMatchFiniteDifferences(_ kind: AttentionKind) {
    var layout = ParameterLayout()
    let attention = Attention(
      kind, querySize: 3, valueSize: 4, size: 5, prefix: "attention.", layout: &layout)
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Double> = generator.parameters(layout, deviation: 0.5)
    let sequences = PackedSequences(lengths: [3, 2])
    let values: Matrix<Double> = generator.matrix(5, 4)
    let queries: Matrix<Double> = generator.matrix(3, 3)
    let slope: Matrix<Double> = generator.matrix(3, 4)
    func forward(_ weights: Attention.Weights<Double>) -> Attention.Workspace<Double> {
      var workspace = Attention.Workspace<Double>(attention)
      attention.forward(
        queries, sources: [0, 1, 0], memory: attention.memory(values, sequences, weights), weights,
        &workspace)
      return workspace
    }
    let weights = attention.weights(parameters, isForTraining: true)
    var (workspace, gradients) = (forward(weights), Parameters<Double>(layout: layout))
    _ = attention.backward(
      slope, queries: queries, weights, gradients: &gradients, &workspace)
    let failure = GradientCheck.failure(
      gradients.values, at: parameters.values, named: "parameters"
    ) { values in
      let moved = Parameters<Double>(layout: layout, values: values)
      let context = forward(attention.weights(moved, isForTraining: true)).context
      return weightedSum(slope.elements, context.elements)
    }
    #expect(failure == nil)
  }

  /// A dot product with rows, and a gradient of contexts, that are wider than the attention is for.
  @Test(arguments: [false, true])
  func stopsAtRowsOfAnotherWidth(_ isBackward: Bool) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [isBackward] in
      var layout = ParameterLayout()
      let attention = Attention(
        .dot, querySize: 4, valueSize: 6, size: 6, prefix: "", layout: &layout)
      let parameters = Parameters<Float>(layout: layout)
      let weights = attention.weights(parameters, isForTraining: true)
      let values = Matrix<Float>(rowCount: 3, columnCount: isBackward ? 6 : 12)
      let queries = Matrix<Float>(rowCount: 2, columnCount: 4)
      var workspace = Attention.Workspace<Float>(attention)
      attention.forward(
        queries, sources: [0, 0],
        memory: attention.memory(values, PackedSequences(lengths: [3]), weights), weights,
        &workspace)
      var gradients = Parameters<Float>(layout: layout)
      _ = attention.backward(
        Matrix(rowCount: 2, columnCount: 3), queries: queries, weights, gradients: &gradients,
        &workspace)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      message.contains(
        isBackward ? "gradients of contexts [2, 3] for [2, 6]" : "queries of 6 for keys of 12"))
  }
}
