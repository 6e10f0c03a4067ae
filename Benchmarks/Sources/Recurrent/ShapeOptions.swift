internal import ArgumentParser
internal import EngineWork

/// The sizes of what is measured, on the command line.
struct ShapeOptions: ParsableArguments {
  @Option(help: "The number of hidden units, which is also the width of the input.")
  var hiddenSize = NetShape().hiddenSize

  @Option(help: "The number of token ids.")
  var vocabularySize = NetShape().vocabularySize

  @Option(help: "The number of sequences of a dense batch.")
  var batchSize = NetShape().batchSize

  @Option(help: "The number of steps of a dense batch.")
  var stepCount = NetShape().stepCount

  /// The sizes.
  var shape: NetShape {
    var shape = NetShape()
    (shape.hiddenSize, shape.vocabularySize) = (hiddenSize, vocabularySize)
    (shape.batchSize, shape.stepCount) = (batchSize, stepCount)
    return shape
  }
}
