import Foundation
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

/// Structure of the files; `Benchmarks/peers/interchange.sh` runs them in ONNX Runtime.
@Suite("Generation model: ONNX")
struct GenerationModelONNXTests {
  struct Files {
    let model: GenerationModel
    let encoder: ONNXFile
    let decoder: ONNXFile
  }

  /// An untrained model: captioners of C = 5, translators of H = 6 in both directions, E = 8, H = 12.
  private func exported(
    _ texts: [GenerationText] = TestWriters.figures,
    _ change: (inout GenerationTrainingOptions) -> Void = { _ in }
  ) throws -> Files {
    var options = TestWriters.options()
    change(&options)
    let model = try GenerationTraining(texts, validation: [], options: options)
      .model(storedAs: .float32)
    let files = try model.onnx()
    return Files(
      model: model, encoder: try ONNXFile(files.encoder), decoder: try ONNXFile(files.decoder))
  }

  static let numbers = TestWriters.numbers(20)

  // MARK: Inputs and outputs

  @Test func aCaptionersPortsAreNamedAndOfAnySize() throws {
    let files = try exported()
    let words = "\(files.model.targetCodec.vocabularySize)"
    #expect(
      files.encoder.inputs == [.init(name: "vectors", elementType: 1, shape: ["batch", "5"])])
    #expect(
      files.encoder.outputs == [.init(name: "states", elementType: 1, shape: ["batch", "12"])])
    #expect(
      files.decoder.inputs == [
        .init(name: "tokens", elementType: 7, shape: ["batch"]),
        .init(name: "states", elementType: 1, shape: ["batch", "12"]),
      ])
    #expect(
      files.decoder.outputs == [
        .init(name: "log_probabilities", elementType: 1, shape: ["batch", words]),
        .init(name: "logits", elementType: 1, shape: ["batch", words]),
        .init(name: "next_states", elementType: 1, shape: ["batch", "12"]),
      ])
  }

  @Test(arguments: [(AttentionKind.dot, "12"), (.additive, "24")])
  func attentionReadsAMemory(_ kind: AttentionKind, _ width: String) throws {
    let files = try exported(Self.numbers) { $0.attention = kind }
    let memory = ONNXFile.Port(name: "memory", elementType: 1, shape: ["batch", "source", width])
    let lengths = ONNXFile.Port(name: "lengths", elementType: 7, shape: ["batch"])
    #expect(
      files.encoder.inputs == [
        .init(name: "tokens", elementType: 7, shape: ["batch", "source"]), lengths,
      ])
    #expect(files.encoder.outputs.first == memory)
    #expect(files.decoder.inputs.suffix(2) == [memory, lengths])
    #expect(
      files.decoder.outputs.first
        == .init(name: "attention", elementType: 1, shape: ["batch", "source"]))
  }

  @Test func withoutAttentionTheDecoderKnowsNoSource() throws {
    let files = try exported(Self.numbers) { $0.attention = nil }
    #expect(files.encoder.outputs.map(\.name) == ["states"])
    #expect(files.decoder.inputs.map(\.name) == ["tokens", "states"])
  }

  /// Hidden and cell states of both layers, and what the entry made of the vector where it is needed
  /// again.
  @Test(arguments: [
    (VectorEntry.initialState, 48), (.firstInput, 48), (.everyStep, 56), (.thenZeros, 56),
  ])
  func statesHoldAllThatATextHas(_ entry: VectorEntry, _ width: Int) throws {
    let files = try exported {
      ($0.entry, $0.cell, $0.decoderLayerCount) = (entry, .lstm, 2)
    }
    #expect(files.encoder.outputs.last?.shape == ["batch", "\(width)"])
    #expect(files.decoder.outputs.last?.shape == ["batch", "\(width)"])
  }

  // MARK: Graphs

  @Test func everyInputOfANodeIsMadeBeforeIt() throws {
    var made = 0
    for cell in [CellConfiguration.gru, .lstm, .lstm(hasPeepholes: true), .rnn(.elu)] {
      for entry in VectorEntry.allCases {
        for attention in [nil, AttentionKind.dot, .additive] {
          let files = try exported(attention == nil ? TestWriters.figures : Self.numbers) {
            ($0.cell, $0.entry, $0.attention, $0.decoderLayerCount) = (cell, entry, attention, 2)
          }
          for file in [files.encoder, files.decoder] {
            var known = Set(file.inputs.map(\.name)).union(file.tensors.keys).union([""])
            for node in file.nodes {
              #expect(known.isSuperset(of: node.inputs), "\(node)")
              for output in node.outputs { #expect(known.insert(output).inserted) }
            }
            #expect(known.isSuperset(of: file.outputs.map(\.name)))
            made += 1
          }
        }
      }
    }
    #expect(made == 96)
  }

  @Test func aStepGoesOnFromItsStates() throws {
    let file = try exported { ($0.cell, $0.decoderLayerCount) = (.lstm, 1) }.decoder
    let (split, step) = (try file.node("Split"), try file.node("LSTM"))
    #expect(split.inputs[0] == "states")
    let expanded = file.nodes.filter { $0.operation == "Unsqueeze" }
    let states = split.outputs.map { part in expanded.first { $0.inputs[0] == part }?.outputs[0] }
    // There are no lengths; then come the hidden state and the cell state.
    #expect(step.inputs[4] == "" && Array(step.inputs[5...]) == states)
    #expect(step.outputs.count == 3)
  }

  @Test func aTiedOutputIsStoredOnce() throws {
    let tied = try exported { $0.isTied = true }.decoder
    #expect(tied.tensors["embedding.weight"] != nil && tied.tensors["output.weight"] == nil)
    let own = try exported { $0.isTied = false }.decoder
    #expect(own.tensors["embedding.weight"] != nil && own.tensors["output.weight"] != nil)
  }

  @Test func theTextbooksNetReadsNoToken() throws {
    let file = try exported { $0.entry = .thenZeros }.decoder
    #expect(!file.nodes.contains { $0.operation == "Gather" })
    #expect(file.inputs.map(\.name) == ["tokens", "states"])
    // The vector is told of once: zeros take its place in the next states.
    let pad = try file.node("Pad")
    #expect(file.nodes.last?.inputs == pad.outputs && file.nodes.last?.outputs == ["next_states"])
  }

  @Test func aVectorThatComesFirstIsReadByTheEncoder() throws {
    let files = try exported { $0.entry = .firstInput }
    #expect(files.encoder.nodes.count { $0.operation == "GRU" } == 1)
    #expect(try exported().encoder.nodes.allSatisfy { $0.operation != "GRU" })
  }

  /// A step of the decoder is one repetition without a mask; the encoder reads texts of many lengths.
  @Test func cellsThatNormalizeTheirSumsAreRepeatedByScan() throws {
    let files = try exported(Self.numbers) { $0.cell = .lstm(isNormalized: true) }
    for (file, scanCount, rowCount) in [(files.encoder, 2, 2), (files.decoder, 1, 1)] {
      file.graph.expectOrder()
      let scans = file.nodes.filter { $0.operation == "Scan" }
      #expect(scans.count == scanCount)
      #expect(scans.allSatisfy { $0.integers["num_scan_inputs"] == [rowCount] })
    }
    #expect(files.decoder.nodes.allSatisfy { $0.operation != "Expand" })
  }

  // MARK: Files

  @Test func theMetadataHoldsTheVocabularies() throws {
    let files = try exported(Self.numbers)
    let model = files.model
    for file in [files.encoder, files.decoder] {
      #expect(file.metadata["senti.kind"] == "translator")
      #expect(
        file.metadata["vocabulary"] == String(decoding: model.targetCodec.bytes, as: UTF8.self))
      #expect(
        file.metadata["source_vocabulary"]
          == (model.sourceCodec?.bytes).map { String(decoding: $0, as: UTF8.self) })
      #expect(file.metadata["senti.architecture"]?.contains("\"attention\"") == true)
    }
    #expect(try exported().encoder.metadata["source_vocabulary"] == nil)
  }

  @Test func twoFilesAreWrittenAndKeptUnlessForced() throws {
    let model = try exported().model
    let folder = try TemporaryFolder()
    try model.writeONNX(to: folder["a.onnx"])
    #expect(try folder.names() == ["a-decoder.onnx", "a-encoder.onnx"])
    #expect(try folder.bytes("a-encoder.onnx") == Data(model.onnx().encoder))
    #expect(try folder.bytes("a-decoder.onnx") == Data(model.onnx().decoder))
    #expect {
      try model.writeONNX(to: folder["a"])
    } throws: { error in
      "\(error)" == "\(folder["a-encoder.onnx"]): exists already"
    }
    try model.writeONNX(to: folder["a"], overwriting: true)
  }

  @Test func theKindOfAModelIsToldByItsFile() throws {
    let folder = try TemporaryFolder()
    try exported().model.write(to: folder["c"])
    try exported(Self.numbers).model.write(to: folder["t"])
    try TestModels.classifier().rounded(to: .integer8).write(to: folder["s"])
    #expect(try GenerationModel.Kind(of: .file(folder["c"])) == .captioner)
    #expect(try GenerationModel.Kind(of: .file(folder["t"])) == .translator)
    #expect(try GenerationModel.Kind(of: .file(folder["s"])) == nil)
  }
}
