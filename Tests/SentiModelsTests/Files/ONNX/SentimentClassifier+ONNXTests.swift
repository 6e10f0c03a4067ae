import Foundation
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@testable import SentiModels

/// Structure and numbers of the file; `Benchmarks/peers/interchange.sh` runs it in ONNX Runtime.
@Suite("Sentiment classifier: ONNX")
struct SentimentClassifierONNXTests {
  /// A classifier of E = 5, H = 9, C = 2, V = 50.
  private func exported(
    _ cell: CellConfiguration = .gru, isBidirectional: Bool = false
  ) throws -> (classifier: SentimentClassifier, file: ONNXFile) {
    let classifier = try TestModels.classifier(cell: cell, isBidirectional: isBidirectional)
    return (classifier, try ONNXFile(classifier.onnx()))
  }

  private func parameter(_ name: String, of classifier: SentimentClassifier) throws -> [Float] {
    let parameters = classifier.parameters
    return parameters[try #require(parameters.layout.slot(named: name))]
  }

  @Test func inputsAndOutputsAreNamedAndOfAnySize() throws {
    let file = try exported().file
    #expect(file.formatVersion == [7] && file.operatorSets == [14])
    #expect(
      file.inputs == [
        .init(name: "tokens", elementType: 7, shape: ["batch", "time"]),
        .init(name: "lengths", elementType: 7, shape: ["batch"]),
      ])
    #expect(
      file.outputs == [
        .init(name: "probabilities", elementType: 1, shape: ["batch", "2"]),
        .init(name: "logits", elementType: 1, shape: ["batch", "2"]),
      ])
  }

  /// ONNX has no operator for these: a step is written out, and repeated in each direction.
  @Test(arguments: [
    CellConfiguration.rnn(isNormalized: true), .gru(isNormalized: true),
    .gru(resetPlacement: .beforeProduct, isNormalized: true), .lstm(isNormalized: true),
  ])
  func aCellThatNormalizesItsSumsIsRepeatedByScan(_ cell: CellConfiguration) throws {
    let (classifier, file) = try exported(cell, isBidirectional: true)
    let scans = file.nodes.filter { $0.operation == "Scan" }
    #expect(scans.count == 2)
    let stateCount = cell == .lstm(isNormalized: true) ? 2 : 1
    let gateCount = cell == .rnn(isNormalized: true) ? 1 : cell == .lstm(isNormalized: true) ? 4 : 3
    let width = "\(9 * gateCount)"
    for scan in scans {
      // The gates' input part of each step, and whether a sequence has it.
      #expect(scan.integers["num_scan_inputs"] == [2])
      #expect(scan.inputs.count == stateCount + 2 && scan.outputs.count == stateCount + 1)
      let body = try #require(scan.graphs["body"])
      let state = ["batch", "9"]
      #expect(
        body.inputs.map(\.shape)
          == [[String]](repeating: state, count: stateCount) + [["batch", width], ["batch", "1"]])
      #expect(body.inputs.last?.elementType == 9)
      #expect(
        body.outputs.map(\.shape) == [[String]](repeating: state, count: stateCount + 1))
      #expect(body.nodes.count { $0.operation == "Where" } == stateCount)
    }
    // The second direction's inputs and outputs.
    #expect(file.nodes.count { $0.operation == "ReverseSequence" } == 2)
    let names = [
      "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "norm_ih_l0", "norm_hh_l0",
    ]
    let ofCells = stateCount == 2 ? ["norm_c_l0", "norm_c_bias_l0"] : []
    for name in (names + ofCells).flatMap({ ["encoder.\($0)", "encoder.\($0)_reverse"] }) {
      #expect(try file.tensor(name).floats == parameter(name, of: classifier))
    }
  }

  @Test func aGRUThatResetsBeforeTheProductSaysSo() throws {
    let (classifier, file) = try exported(.gru(resetPlacement: .beforeProduct))
    let node = try file.node("GRU")
    #expect(node.integers["linear_before_reset"] == [0])
    let input = try parameter("encoder.weight_ih_l0", of: classifier)
    #expect(
      try file.tensor(node.inputs[1]).floats
        == GateOrder.onnx.reordered(input, of: .gru(resetPlacement: .beforeProduct)))
  }

  @Test func peepholesAreInONNXsOrderBehindTheInitialStates() throws {
    let (classifier, file) = try exported(.lstm(hasPeepholes: true))
    let node = try file.node("LSTM")
    #expect(Array(node.inputs[5...6]) == ["", ""])
    let peepholes = try parameter("encoder.weight_ch_l0", of: classifier)
    let size = peepholes.count / 3
    let expected = peepholes[..<size] + peepholes[(2 * size)...] + peepholes[size..<2 * size]
    #expect(try file.tensor(node.inputs[7]).floats == Array(expected))
  }

  @Test func everyInputOfANodeIsMadeBeforeIt() throws {
    for cell in CellConfiguration.allCases {
      try exported(cell, isBidirectional: true).file.graph.expectOrder()
    }
  }

  @Test func aGRUResetsAfterTheProductAndHasItsGatesInONNXsOrder() throws {
    let (classifier, file) = try exported(.gru)
    let node = try file.node("GRU")
    #expect(node.integers["linear_before_reset"] == [1] && node.integers["hidden_size"] == [9])
    #expect(node.texts["direction"] == ["forward"])
    let input = try parameter("encoder.weight_ih_l0", of: classifier)
    let tensor = try file.tensor(node.inputs[1])
    #expect(tensor.shape == [1, 27, 5])
    // reset, update, candidate become update, reset, candidate.
    let expected = Array(input[45..<90] + input[0..<45] + input[90...])
    #expect(try tensor.floats == expected)
    let recurrent = try parameter("encoder.weight_hh_l0", of: classifier)
    #expect(try file.tensor(node.inputs[2]).shape == [1, 27, 9])
    #expect(
      try file.tensor(node.inputs[2]).floats
        == Array(recurrent[81..<162] + recurrent[0..<81] + recurrent[162...]))
    let biases = try ["encoder.bias_ih_l0", "encoder.bias_hh_l0"].flatMap { name in
      let bias = try parameter(name, of: classifier)
      return bias[9..<18] + bias[0..<9] + bias[18...]
    }
    #expect(try file.tensor(node.inputs[3]).shape == [1, 54])
    #expect(try file.tensor(node.inputs[3]).floats == biases)
  }

  @Test func anLSTMHasItsGatesInONNXsOrderInBothDirections() throws {
    let (classifier, file) = try exported(.lstm, isBidirectional: true)
    let node = try file.node("LSTM")
    #expect(node.texts["direction"] == ["bidirectional"])
    let expected = try ["encoder.weight_ih_l0", "encoder.weight_ih_l0_reverse"].flatMap { name in
      let weights = try parameter(name, of: classifier)
      // input, forget, candidate, output become input, output, forget, candidate.
      return weights[0..<45] + weights[135..<180] + weights[45..<90] + weights[90..<135]
    }
    #expect(try file.tensor(node.inputs[1]).shape == [2, 36, 5])
    #expect(try file.tensor(node.inputs[1]).floats == expected)
  }

  @Test(arguments: [
    (CellConfiguration.rnn, "Tanh"), (.rnn(.relu), "Relu"), (.rnn(.elu), "Elu"),
  ])
  func aSimpleCellNamesItsActivationForEachDirection(_ cell: CellConfiguration, _ name: String)
    throws
  {
    let node = try exported(cell, isBidirectional: true).file.node("RNN")
    #expect(node.texts["activations"] == [name, name])
  }

  @Test func everyLayerReadsTheOneBelow() throws {
    var configuration = SentimentConfiguration(vocabularySize: 50)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 9)
    (configuration.layerCount, configuration.isBidirectional) = (3, true)
    let network = SentimentNetwork(configuration)
    let classifier = SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TestModels.pipeline(), network: network,
      parameters: network.initialParameters(seed: 1))
    let file = try ONNXFile(classifier.onnx())
    let layers = file.nodes.filter { $0.operation == "GRU" }
    #expect(
      layers.map { file.tensors[$0.inputs[1]]?.shape } == [[2, 27, 5], [2, 27, 18], [2, 27, 18]])
    let producers = Dictionary(
      uniqueKeysWithValues: file.nodes.flatMap { node in node.outputs.map { ($0, node) } })
    for (lower, upper) in zip(layers, layers.dropFirst()) {
      let reshape = try #require(producers[upper.inputs[0]])
      let transpose = try #require(producers[reshape.inputs[0]])
      #expect(transpose.integers["perm"] == [0, 2, 1, 3])
      #expect(transpose.inputs == [lower.outputs[0]])
    }
  }

  @Test(arguments: [
    ([Pooling.last], [0, 0, 0]), ([.max], [1, 0, 0]), ([.mean], [0, 1, 0]),
    ([.mean, .last, .max], [1, 1, 1]),
  ])
  func onlyThePoolingsOfTheModelAreThere(_ kinds: [Pooling], _ counts: [Int]) throws {
    var configuration = SentimentConfiguration(vocabularySize: 50)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 9)
    configuration.pooling = kinds
    let network = SentimentNetwork(configuration)
    let classifier = SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TestModels.pipeline(), network: network,
      parameters: network.initialParameters(seed: 1))
    let file = try ONNXFile(classifier.onnx())
    let found = ["ReduceMax", "ReduceSum", "Concat"].map { operation in
      file.nodes.count { $0.operation == operation }
    }
    #expect(found == counts)
    #expect(try file.tensor("output.weight").shape == [2, 9 * kinds.count])
  }

  @Test func probabilitiesAreCalibrated() throws {
    let (classifier, file) = try exported()
    let division = try #require(file.nodes.last { $0.operation == "Div" })
    #expect(try file.tensor(division.inputs[1]).floats == [Float(classifier.temperature)])
    #expect(try file.node("Softmax").inputs == division.outputs)
    let identities = file.nodes.filter { $0.operation == "Identity" }
    #expect(identities.map(\.outputs) == [["probabilities"], ["logits"]])
    #expect(identities[1].inputs == [division.inputs[0]])
  }

  @Test func theMetadataHoldsWhatATokenizerNeeds() throws {
    let (classifier, file) = try exported()
    #expect(file.metadata["senti.labels"] == #"["negative","positive"]"#)
    #expect(file.metadata["senti.tokenizer"] == "html nfkc fold")
    let vocabulary = String(decoding: classifier.pipeline.vocabulary.serialized(), as: UTF8.self)
    #expect(file.metadata["vocabulary"] == vocabulary)
  }

  @Test func theSameModelGivesTheSameBytes() throws {
    let classifier = try exported(.lstm).classifier
    let folder = try TemporaryFolder()
    try classifier.writeONNX(to: folder["a.onnx"])
    #expect(try folder.bytes("a.onnx") == Data(classifier.onnx()))
    #expect(try folder.names() == ["a.onnx"])
  }

  @Test func aFileThatExistsIsKeptUnlessForced() throws {
    let classifier = try TestModels.classifier()
    let folder = try TemporaryFolder()
    try folder.write("mine", to: "a.onnx")
    #expect {
      try classifier.writeONNX(to: folder["a.onnx"])
    } throws: { error in
      "\(error)" == "\(folder["a.onnx"]): exists already"
    }
    #expect(try folder.bytes("a.onnx") == Data("mine".utf8))
    try classifier.writeONNX(to: folder["a.onnx"], overwriting: true)
    #expect(try folder.bytes("a.onnx") == Data(classifier.onnx()))
  }

  @Test func roundedWeightsAreRefused() throws {
    let rounded = try TestModels.classifier().rounded(to: .integer8)
    #expect {
      try rounded.onnx()
    } throws: { error in
      "\(error)" == "ONNX: expected a model in full precision, found int8"
    }
  }
}
