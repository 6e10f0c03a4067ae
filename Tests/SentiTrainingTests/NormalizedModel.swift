import SentiRNN
import SentiTensor
import SentiTraining

/// Word vectors, two recurrent layers with batch normalization between them, and one dense layer on
/// the last state.
struct NormalizedModel: TrainableModel {
  let layout: ParameterLayout
  let embedding: Embedding
  let stack: RecurrentStack
  let output: Dense

  init() {
    var layout = ParameterLayout()
    embedding = Embedding(
      vocabularySize: 6, embeddingSize: 3, prefix: "embedding.", layout: &layout)
    var shape = StackConfiguration(.gru, inputSize: 3, hiddenSize: 5, layerCount: 2)
    shape.normalizesBatches = true
    stack = RecurrentStack(shape, prefix: "stack.", layout: &layout)
    output = Dense(inputSize: 5, outputSize: 2, prefix: "output.", layout: &layout)
    self.layout = layout
  }

  func initialParameters() -> Parameters<Float> {
    var parameters = Parameters<Float>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    embedding.initialize(&parameters, using: &generator)
    stack.initialize(&parameters, using: &generator)
    output.initialize(&parameters, using: &generator)
    return parameters
  }

  var buffers: [ParameterSlot] { stack.buffers }

  func tokenCount(of example: ToyModel.Example) -> Int { example.tokens.count }

  struct Weights: Sendable {
    let stack: StackWeights<Float>
    let output: Dense.Weights<Float>
  }

  func trainingWeights(_ parameters: Parameters<Float>) -> Weights {
    Weights(
      stack: stack.weights(parameters, isForTraining: true), output: output.weights(parameters))
  }

  func makeWorkspace() -> StackWorkspace<Float> { StackWorkspace(stack) }

  func addGradients(
    of shard: BatchShard<NormalizedModel>, workspace: inout StackWorkspace<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    let weights = shard.weights
    let pass = forward(
      shard.examples, shard.parameters, weights, mode: .training, workspace: &workspace)
    let gradient = output.backward(
      pass.loss.logitsGradient(pass.labels, scale: shard.scale), input: pass.last,
      weights.output, gradients: &gradients)
    workspace.resetGradients()
    Kernels.best.scatterAdd(
      gradient, to: pass.labels.indices.map { Int32(pass.sequences.finalStateRow(of: $0)) },
      of: &workspace.layers[1][0].hiddenGradient)
    stack.backward(
      StackInput(pass.rows), over: pass.sequences, weights: weights.stack,
      gradients: &gradients, workspace: &workspace)
    embedding.backward(pass.ids, workspace.inputGradient, gradients: &gradients)
    return pass.tally
  }

  func updateBuffers(
    _ parameters: inout Parameters<Float>, from workspaces: [StackWorkspace<Float>],
    momentum: Double
  ) {
    stack.updateRunningStatistics(&parameters, workspaces, momentum: momentum)
  }

  /// How the net does where it does not train: each batch is normalized by the running statistics.
  func tally(_ examples: [ToyModel.Example], _ parameters: Parameters<Float>) -> EpochMetrics {
    var workspace = makeWorkspace()
    return forward(
      examples, parameters, trainingWeights(parameters), mode: .inference,
      workspace: &workspace
    ).tally
  }

  private struct Pass {
    let sequences: PackedSequences
    let ids: [Int32]
    let rows: Matrix<Float>
    let last: Matrix<Float>
    let labels: [Int]
    let loss: SoftmaxCrossEntropy<Float>
    let tally: EpochMetrics
  }

  private func forward(
    _ examples: [ToyModel.Example], _ parameters: Parameters<Float>, _ weights: Weights,
    mode: PassMode, workspace: inout StackWorkspace<Float>
  ) -> Pass {
    let sequences = PackedSequences(lengths: examples.map(\.tokens.count))
    let ids = sequences.packed(examples.map(\.tokens))
    var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
    embedding.forward(ids, parameters, into: &rows)
    stack.forward(
      StackInput(rows), over: sequences, weights: weights.stack,
      mode: mode, workspace: &workspace)
    let last = workspace.layers[1][0].finalState(sequences).hidden
    let labels = sequences.order.map { examples[$0].label }
    let logits = output.forward(last, weights.output)
    let loss = SoftmaxCrossEntropy(logits: logits)
    let tally = EpochMetrics(
      lossSum: loss.lossSum(labels),
      correctCount: zip(labels, logits.argmax()).count { $0 == $1 },
      exampleCount: labels.count, tokenCount: ids.count)
    return Pass(
      sequences: sequences, ids: ids, rows: rows, last: last, labels: labels, loss: loss,
      tally: tally)
  }
}
