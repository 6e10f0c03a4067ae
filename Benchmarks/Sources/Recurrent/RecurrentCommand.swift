internal import ArgumentParser
internal import Batches
internal import EngineWork
internal import Measurement
internal import SentiTensor

/// The program: measures the recurrent engine on given batches.
@main
struct RecurrentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent",
    abstract: "Measures recurrent layers: inference and training, alone and in batches.",
    discussion: """
      The folder is one that `workload` wrote. Each work is done once to warm up and then again \
      and again for --seconds; the median counts.

      Works: \(Work.allCases.map(\.rawValue).joined(separator: ", ")).

      Examples:
        recurrent /tmp/work
        recurrent /tmp/work --works training-reviews --cells gru --threads 2
      """)

  @Argument(help: "The folder with the batches.")
  var folder: String

  @Option(parsing: .upToNextOption, help: "What to measure.")
  var works = Work.allCases.filter { $0 != .trainingMemory && $0 != .accuracy }

  @Option(parsing: .upToNextOption, help: "The cells to measure.")
  var cells = MeasuredCell.allCases

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "The time to measure each figure for.")
  var seconds = 2.0

  @Flag(help: "Count processor time, for a machine that others use too; of one thread only.")
  var processorTime = false

  @Option(help: "The labelled reviews for the work `accuracy`, which is left out without them.")
  var labelled: String?

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  @OptionGroup var sizes: ShapeOptions

  func validate() throws {
    guard !threads.isEmpty && threads.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("--threads takes numbers from 1")
    }
  }

  func run() throws {
    var figures: [Figure] = []
    for work in works {
      let batches = try work.fileName.map { try BatchFile.read(folder + "/" + $0) } ?? []
      let measurement = WorkMeasurement(
        work: work, shape: sizes.shape, batches: batches,
        sampling: Sampling(seconds: seconds, countsProcessorTime: processorTime),
        labelled: labelled)
      for figure in try measurement.figures(
        cells: cells.map(\.kind), threads: processorTime ? [1] : threads)
      {
        print(row(figure))
        figures.append(figure)
      }
    }
    if let json { try Report.write(lines: figures, to: json) }
  }

  private func row(_ figure: Figure) -> String {
    Report.column(figure.work, width: 20) + Report.column(figure.cell ?? "", width: 6)
      + "\(figure.threads) threads  " + Report.column(figure.value, width: 12, decimals: 3)
      + " " + figure.unit
  }
}

/// The cells that peers know too.
enum MeasuredCell: String, CaseIterable, ExpressibleByArgument {
  case gru
  case lstm

  var kind: CellConfiguration { self == .gru ? .gru : .lstm }
}
