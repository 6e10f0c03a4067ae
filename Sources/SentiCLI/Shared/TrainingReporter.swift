import ArgumentParser
import SentiModels
import SentiTraining

/// How a long run tells of its progress on standard error.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  /// A bar on a terminal, else a line now and then.
  case auto
  /// Objects of JSON, one a line.
  case json
  /// Nothing.
  case never
}

/// Tells of a training on standard error.
struct TrainingReporter {
  private let style: ProgressStyle
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?

  /// Prepares a reporter.
  init(_ style: ProgressStyle) { self.style = style }

  /// Tells of a batch, where enough time has passed since the last one that was told of.
  mutating func report(_ progress: TrainingProgress) {
    let isTerminal = Terminal.standardError.isTerminal
    let interval: Duration = style == .auto && isTerminal ? .milliseconds(200) : .seconds(10)
    let now = clock.now
    if let last, now - last < interval { return }
    last = now
    switch style {
    case .never: return
    case .json: Diagnostics.print(Self.json(progress))
    case .auto: Diagnostics.print(isTerminal ? Self.bar(progress) : Self.line(progress) + "\n")
    }
  }

  /// Tells of the end of an epoch.
  mutating func report(_ record: EpochRecord) {
    last = nil
    switch style {
    case .never: return
    case .json: Diagnostics.print(record.jsonLine)
    case .auto:
      if Terminal.standardError.isTerminal { Diagnostics.print("\r\u{1B}[K") }
      Diagnostics.note(Self.line(record))
    }
  }

  private static func line(_ record: EpochRecord) -> String {
    var line = "epoch \(record.epoch): loss \(Columns.fixed(record.trainingLoss, digits: 4))"
    if let loss = record.validationLoss, let accuracy = record.validationAccuracy {
      line += ", validation loss \(Columns.fixed(loss, digits: 4))"
      line += ", accuracy \(Columns.fixed(100 * accuracy, digits: 2)) %"
    }
    let rate = Int(Double(record.tokens) / max(record.seconds, 1e-9))
    return line
      + ", \(Columns.fixed(record.seconds, digits: 1)) s, \(Columns.grouped(rate)) tokens/s"
  }

  private static func line(_ progress: TrainingProgress) -> String {
    "epoch \(progress.epoch + 1)/\(progress.epochCount), batch \(progress.batch)/"
      + "\(progress.batchCount): loss \(Columns.fixed(progress.tally.meanLoss, digits: 4)), accuracy "
      + "\(Columns.fixed(100 * progress.tally.accuracy, digits: 2)) %, "
      + "\(Columns.grouped(Int(progress.tokensPerSecond))) tokens/s, "
      + "\(time(progress.secondsLeft)) left"
  }

  /// One line that overwrites itself: a bar as wide as the terminal leaves room for.
  private static func bar(_ progress: TrainingProgress) -> String {
    let text = " " + line(progress)
    let width = max(0, min(30, Terminal.standardError.columnCount - text.count - 3))
    let filled = width * progress.batch / max(1, progress.batchCount)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "\r\u{1B}[K" + (width > 0 ? "[\(bar)]" : "")
      + text.prefix(max(0, Terminal.standardError.columnCount - width - 3))
  }

  private static func json(_ progress: TrainingProgress) -> String {
    var bytes: [UInt8] = []
    JSONValue.object([
      "epoch": .integer(progress.epoch + 1), "epochs": .integer(progress.epochCount),
      "batch": .integer(progress.batch), "batches": .integer(progress.batchCount),
      "loss": .number(progress.tally.meanLoss), "accuracy": .number(progress.tally.accuracy),
      "learning_rate": .number(progress.learningRate),
      "gradient_norm": .number(progress.gradientNorm),
      "tokens_per_second": .number(progress.tokensPerSecond),
      "seconds_left": .number(progress.secondsLeft),
    ]).append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }

  private static func time(_ seconds: Double) -> String {
    let total = Int(seconds.rounded())
    func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return total >= 3600
      ? "\(total / 3600):\(pad(total / 60 % 60)):\(pad(total % 60))"
      : "\(total / 60):\(pad(total % 60))"
  }
}

extension EpochRecord {
  /// The record as a line of JSON Lines, as in a history file.
  var jsonLine: String {
    var members: [JSONValue.Member] = [
      .init(name: "epoch", value: .integer(epoch)),
      .init(name: "training_loss", value: .number(trainingLoss)),
      .init(name: "training_accuracy", value: .number(trainingAccuracy)),
    ]
    if let validationLoss, let validationAccuracy {
      members.append(.init(name: "validation_loss", value: .number(validationLoss)))
      members.append(.init(name: "validation_accuracy", value: .number(validationAccuracy)))
    }
    members.append(.init(name: "tokens", value: .integer(tokens)))
    members.append(.init(name: "seconds", value: .number(seconds)))
    var bytes: [UInt8] = []
    JSONValue.members(members).append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }
}
