internal import CoreMetrics
internal import Synchronization

/// Keeps the numbers of swift-metrics, and writes them as Prometheus reads them.
///
/// Labels are taken as they are, so they must be names by Prometheus' rules. Recorders that aggregate and
/// timers, in seconds, become histograms.
final class PrometheusRegistry: MetricsFactory {
  /// One number, or histogram, by its name and its dimensions.
  private struct Key: Hashable {
    let label: String
    let dimensions: [Dimension]
  }

  /// A name with a value that tells numbers of one name apart.
  struct Dimension: Hashable {
    let name: String
    let value: String
  }

  private let series = Mutex<[Key: any PrometheusSeries]>([:])

  /// Bounds of buckets: seconds, and sizes.
  private static let secondBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  private static let sizeBounds: [Double] = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536]

  /// All numbers in Prometheus' text format, those of one name together.
  ///
  /// - Complexity: O(n log n) for n numbers.
  var text: String {
    let all = series.withLock { Array($0) }
    let names = Dictionary(grouping: all) { $0.key.label }
    var text = ""
    for (name, members) in names.sorted(by: { $0.key < $1.key }) {
      guard let type = members.first?.value.type else { continue }
      text += "# TYPE \(name) \(type)\n"
      let lines = members.map { key, series in
        series.lines(name: name, dimensions: key.dimensions)
      }
      text += lines.sorted().joined()
    }
    return text
  }

  // MARK: MetricsFactory

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    find(label, dimensions) { PrometheusCounter() }
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    find(label, dimensions) { PrometheusGauge() }
  }

  func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    aggregate
      ? find(label, dimensions) { PrometheusHistogram(bounds: Self.sizeBounds) }
      : find(label, dimensions) { PrometheusGauge() }
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    find(label, dimensions) { PrometheusHistogram(bounds: Self.secondBounds) }
  }

  func destroyCounter(_ handler: any CounterHandler) { forget(handler) }

  func destroyMeter(_ handler: any MeterHandler) { forget(handler) }

  func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }

  func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

  /// The number of a name and dimensions; a new one where the name is new, or is that of another type.
  private func find<Series: PrometheusSeries>(
    _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
  ) -> Series {
    let key = Key(
      label: label, dimensions: dimensions.map { Dimension(name: $0.0, value: $0.1) })
    return series.withLock { series in
      if let known = series[key] as? Series { return known }
      let new = make()
      series[key] = new
      return new
    }
  }

  private func forget(_ handler: AnyObject) {
    series.withLock { series in
      series = series.filter { $0.value !== handler }
    }
  }
}
