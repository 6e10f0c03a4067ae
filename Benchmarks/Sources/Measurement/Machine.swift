internal import Foundation

/// The machine that figures are taken on.
package enum Machine {
  /// The processor's name as Linux gives it; "unknown" where it gives none.
  package static var processorName: String {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }
}
