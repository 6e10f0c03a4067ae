import Foundation
import SentiTensor
import Testing

@Suite("Cell configuration")
struct CellConfigurationTests {
  static let names = [
    "rnn", "rnn-relu", "rnn-elu", "rnn-leaky-relu", "rnn-sigmoid", "rnn-hard-sigmoid",
    "rnn-softsign", "rnn-layer-norm", "gru", "gru-reset-before-product", "gru-layer-norm",
    "gru-reset-before-product-layer-norm", "lstm", "lstm-peephole", "lstm-layer-norm",
  ]

  @Test func aCellIsKnownByItsName() {
    #expect(CellConfiguration.allCases.map(\.name) == Self.names)
    #expect(Self.names.map { CellConfiguration(name: $0) } == CellConfiguration.allCases)
    #expect(CellConfiguration(name: "gru-peephole") == nil)
    #expect("\(CellConfiguration.gru(isNormalized: true))" == "gru-layer-norm")
  }

  /// As files of models hold it.
  @Test func aCellIsWrittenAsItsName() throws {
    let written = try JSONEncoder().encode(CellConfiguration.allCases)
    #expect(try JSONDecoder().decode([String].self, from: written) == Self.names)
    let read = try JSONDecoder().decode([CellConfiguration].self, from: written)
    #expect(read == CellConfiguration.allCases)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CellConfiguration].self, from: Data(#"["gru-peephole"]"#.utf8))
    }
  }

  @Test func aNameOfTheWholeKindIsItsPlainForm() {
    #expect(CellConfiguration.rnn == .rnn(.tanh))
    #expect(CellConfiguration.gru == .gru(resetPlacement: .afterProduct))
    #expect(CellConfiguration.lstm == .lstm(hasPeepholes: false, isNormalized: false))
  }

  @Test func gatesAndStatesFollowFromTheKind() {
    for cell in CellConfiguration.allCases {
      #expect(cell.gateCount == [.simple: 1, .gru: 3, .lstm: 4][cell.kind])
      #expect(cell.hasGates == (cell.gateCount > 1))
      #expect(cell.hasCellState == cell.name.hasPrefix("lstm"))
      #expect(cell.isNormalized == cell.name.hasSuffix("layer-norm"))
      #expect(cell.hasPeepholes == cell.name.contains("peephole"))
      #expect(cell.resetsBeforeProduct == cell.name.contains("reset-before"))
      #expect(cell.resetsAfterProduct == (cell.kind == .gru && !cell.resetsBeforeProduct))
    }
  }

  @Test func stopsAtPeepholesBesideNormalization() async {
    await #expect(processExitsWith: .failure) {
      _ = CellConfiguration.lstm(hasPeepholes: true, isNormalized: true)
    }
  }
}
