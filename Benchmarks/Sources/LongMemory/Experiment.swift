internal import ArgumentParser
internal import SentiTensor

/// The experiments by name: task, the number of steps over which to remember, and cell.
enum Experiment: String, CaseIterable, ExpressibleByArgument {
  case adding200GRU = "adding-200-gru"
  case adding200LSTM = "adding-200-lstm"
  case adding1000RNN = "adding-1000-rnn"
  case adding1000GRU = "adding-1000-gru"
  case adding1000LSTM = "adding-1000-lstm"
  case copy200GRU = "copy-200-gru"
  case copy200LSTM = "copy-200-lstm"
  case copy1000GRU = "copy-1000-gru"
  case copy1000LSTM = "copy-1000-lstm"
  case adding5000GRU = "adding-5000-gru"
  case adding5000LSTM = "adding-5000-lstm"

  private var parts: [Substring] { rawValue.split(separator: "-") }

  var task: MemoryTask { parts[0] == "adding" ? .adding : .copy }

  /// The task's T.
  var length: Int { Int(parts[1]) ?? 0 }

  var cell: CellConfiguration { CellConfiguration(name: String(parts[2])) ?? .rnn }

  /// Whether the experiment is there to show that the cell cannot remember so long.
  var isExpectedToFail: Bool { cell == .rnn }

  /// Sizes that two cores can train: fewer units where sequences are longest.
  ///
  /// The copy task is learned from a sixteenth of its T on: what to write and in which order is then
  /// learned on short sequences, and how long to keep it on long ones. From T = 1,000 on at once, a GRU
  /// is at 13 % of the memoryless loss after 28,000 steps, an hour and a half.
  ///
  /// The gates of a cell that begins with long memories are nearly shut, their biases up to log T from
  /// zero. Adam moves a weight by about the learning rate a step, so that at 1e-3 thousands of steps
  /// pass until a gate opens to an input that counts, and at 1e-2 hundreds.
  var settings: MemorySettings {
    MemorySettings(
      hiddenSize: task == .copy ? 128 : 64, batchSize: length > 1000 ? 20 : 32,
      learningRate: 1e-2, gradientLimit: 1, firstLength: task == .copy ? length / 16 : length,
      seed: 1)
  }
}
