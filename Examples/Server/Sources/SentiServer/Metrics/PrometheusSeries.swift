internal import CoreMetrics
internal import Synchronization

/// A number, or histogram, that Prometheus reads.
protocol PrometheusSeries: AnyObject, Sendable {
  /// What Prometheus calls the type.
  var type: String { get }

  /// The lines of the number, each with its line end.
  func lines(name: String, dimensions: [PrometheusRegistry.Dimension]) -> String
}

extension PrometheusSeries {
  /// A line with a number.
  fileprivate func line(
    _ name: String, _ dimensions: [PrometheusRegistry.Dimension], _ value: String
  ) -> String {
    guard !dimensions.isEmpty else { return "\(name) \(value)\n" }
    let pairs = dimensions.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
    return "\(name){\(pairs.joined(separator: ","))} \(value)\n"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\", "\"": escaped += "\\\(character)"
      case _ where character.isNewline: escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}

/// A number that only grows.
final class PrometheusCounter: PrometheusSeries, CounterHandler {
  private let value = Atomic<Int64>(0)

  let type = "counter"

  func increment(by amount: Int64) {
    value.add(amount, ordering: .relaxed)
  }

  func reset() {
    value.store(0, ordering: .relaxed)
  }

  func lines(name: String, dimensions: [PrometheusRegistry.Dimension]) -> String {
    line(name, dimensions, String(value.load(ordering: .relaxed)))
  }
}

/// A number that is now this and now that.
final class PrometheusGauge: PrometheusSeries, MeterHandler, RecorderHandler {
  private let value = Mutex(0.0)

  let type = "gauge"

  func set(_ value: Int64) { set(Double(value)) }

  func set(_ value: Double) { self.value.withLock { $0 = value } }

  func increment(by amount: Double) { value.withLock { $0 += amount } }

  func decrement(by amount: Double) { value.withLock { $0 -= amount } }

  func record(_ value: Int64) { set(value) }

  func record(_ value: Double) { set(value) }

  func lines(name: String, dimensions: [PrometheusRegistry.Dimension]) -> String {
    line(name, dimensions, "\(value.withLock { $0 })")
  }
}

/// How many values are at most so large.
final class PrometheusHistogram: PrometheusSeries, RecorderHandler, TimerHandler {
  private struct Values {
    /// The values in each bucket, the last of which has no bound.
    var counts: [Int]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let values: Mutex<Values>

  let type = "histogram"

  /// Makes an empty histogram.
  ///
  /// - Parameter bounds: The upper bounds of the buckets, in ascending order.
  init(bounds: [Double]) {
    self.bounds = bounds
    values = Mutex(Values(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    values.withLock { values in
      values.counts[bucket] += 1
      values.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func lines(name: String, dimensions: [PrometheusRegistry.Dimension]) -> String {
    let (counts, sum) = values.withLock { ($0.counts, $0.sum) }
    var (text, total) = ("", 0)
    for (index, count) in counts.enumerated() {
      total += count
      let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
      text += line(
        "\(name)_bucket", dimensions + [.init(name: "le", value: bound)], String(total))
    }
    return text + line("\(name)_sum", dimensions, "\(sum)")
      + line("\(name)_count", dimensions, String(total))
  }
}
