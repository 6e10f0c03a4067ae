import Metrics
import Testing

@testable import SentiServer

@Suite("Prometheus registry")
struct PrometheusRegistryTests {
  @Test func writesCountersAndGaugesByName() {
    let registry = PrometheusRegistry()
    Counter(label: "b_total", dimensions: [("route", "/x"), ("status", "200")], factory: registry)
      .increment(by: 2)
    Counter(label: "b_total", dimensions: [("route", "a\"\\\n")], factory: registry).increment()
    Meter(label: "a", factory: registry).set(1.5)
    #expect(
      registry.text == """
        # TYPE a gauge
        a 1.5
        # TYPE b_total counter
        b_total{route="/x",status="200"} 2
        b_total{route="a\\"\\\\\\n"} 1

        """)
  }

  @Test func oneNameAndDimensionsAreOneNumber() {
    let registry = PrometheusRegistry()
    for _ in 0..<3 { Counter(label: "a_total", factory: registry).increment() }
    #expect(registry.text.contains("a_total 3\n"))
  }

  @Test func histogramsCountUpToEachBound() {
    let registry = PrometheusRegistry()
    let timer = Timer(label: "a_seconds", factory: registry)
    for duration in [Duration.microseconds(400), .milliseconds(5), .seconds(60)] {
      timer.record(duration)
    }
    let text = registry.text
    #expect(text.hasPrefix("# TYPE a_seconds histogram\n"))
    #expect(text.contains("a_seconds_bucket{le=\"0.0005\"} 1\n"))
    #expect(text.contains("a_seconds_bucket{le=\"0.005\"} 2\n"))
    #expect(text.contains("a_seconds_bucket{le=\"10.0\"} 2\n"))
    #expect(text.contains("a_seconds_bucket{le=\"+Inf\"} 3\n"))
    #expect(text.contains("a_seconds_count 3\n") && text.contains("a_seconds_sum 60.0054\n"))
  }

  @Test func aDestroyedNumberIsNotWritten() {
    let registry = PrometheusRegistry()
    let counter = Counter(label: "a_total", factory: registry)
    counter.increment()
    counter.destroy()
    #expect(registry.text.isEmpty)
  }
}
