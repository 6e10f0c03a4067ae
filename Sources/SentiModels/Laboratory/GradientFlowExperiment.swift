import Glibc
import SentiRNN
import SentiTensor

/// The norm of the last output's gradient at each step before it.
struct GradientFlowExperiment {
  /// A cell and how its recurrent weights begin.
  struct Subject {
    let name: String
    let cell: CellConfiguration
    /// What the recurrent weights are multiplied by after their initialization.
    var recurrentScale: Float = 1
    /// Whether biases let memories last, by chrono initialization.
    var isChrono = false
  }

  static let subjects = [
    Subject(name: "tanh, orthogonal", cell: .rnn),
    Subject(name: "tanh, half as large", cell: .rnn, recurrentScale: 0.5),
    Subject(name: "ReLU, orthogonal", cell: .rnn(.relu)),
    Subject(name: "ReLU, twice as large", cell: .rnn(.relu), recurrentScale: 2),
    Subject(name: "GRU", cell: .gru),
    Subject(name: "GRU, chrono", cell: .gru, isChrono: true),
    Subject(name: "LSTM", cell: .lstm),
    Subject(name: "LSTM, chrono", cell: .lstm, isChrono: true),
  ]

  /// The length of the sequences.
  static let length = 100
  /// The steps back that the table shows.
  static let shown = [0, 10, 20, 50, 99]

  /// For each subject the norm at each step back, as a share of that of the last step.
  let norms: [[Double]]

  init(_ settings: LabSettings) {
    norms = Self.subjects.map { Self.norms(of: $0, seed: settings.seed) }
  }

  private static func norms(of subject: Subject, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let (batchSize, inputSize) = (8, 8)
    var model = SequenceModel<Double>(
      StackConfiguration(subject.cell, inputSize: inputSize, hiddenSize: 32), outputSize: 1,
      output: .lastStep, seed: seed)
    let slot = model.stack.layers[0][0].cell.parameters.recurrentWeights
    model.parameters[slot] = model.parameters[slot].map { $0 * Double(subject.recurrentScale) }
    if subject.isChrono {
      model.stack.initializeChronoBiases(
        &model.parameters, maxTimescale: length, using: &generator)
    }
    let inputs = (0..<batchSize).map { _ in
      Matrix(
        rowCount: length, columnCount: inputSize,
        elements: (0..<length * inputSize).map { _ in generator.normal() })
    }
    let targets = inputs.map { _ in Matrix<Double>(rowCount: 1, columnCount: 1, elements: [10]) }
    let found = model.lossAndGradients(of: inputs, targets: targets).inputGradients
    let norms = (0..<length).map { stepsBack in
      let squares = found.flatMap { $0.row(length - 1 - stepsBack) }.map { $0 * $0 }
      return squares.reduce(0, +).squareRoot()
    }
    return norms.map { $0 / norms[0] }
  }

  var report: LabReport {
    let rows = zip(Self.subjects, norms).map { subject, norms in
      [LabValue.text(subject.name)] + Self.shown.map { .magnitude(norms[$0]) }
    }
    let table = LabTable(
      "The norm of the gradient of the last output at the input some steps back, as a share of that of "
        + "the last step. Below a millionth nothing is learned from there; far above 1 it explodes.",
      columns: ["cell"] + Self.shown.map { "\($0) back" }, rows: rows)
    let lines = zip(Self.subjects, norms).map { subject, norms in
      (name: subject.name, points: norms.enumerated().map { (Double($0), log10($1)) })
    }
    // A chart tells five lines apart by their dashes: simple cells, and gated ones.
    let charts = [("simple", lines.prefix(4)), ("gated", lines.suffix(4))].map { kind, lines in
      Chart(
        "The gradient on its way back: \(kind) cells", x: .init("steps back"),
        y: .init("norm, as a power of ten of the last step's"), lines: Array(lines))
    }
    return LabReport(tables: [table], charts: charts)
  }
}
