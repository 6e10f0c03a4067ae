import Glibc
import SentiCorpora
import SentiTensor

/// Where and when something was measured.
enum Machine {
  /// Processor, cores and the kernels' instruction set, as in "AMD EPYC, 2 cores, avx512".
  static var description: String {
    let name = processorName ?? "unknown processor"
    return "\(name), \(coreCount) cores, \(InstructionSet.best.rawValue)"
  }

  /// The number of cores that a program may use.
  static var coreCount: Int { Int(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Today in Greenwich, as YYYY-MM-DD.
  static var date: String {
    var (seconds, parts) = (time(nil), tm())
    gmtime_r(&seconds, &parts)
    func pad(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
  }

  private static var processorName: String? {
    guard let bytes = try? TextFile.read("/proc/cpuinfo") else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("model name") }) else { return nil }
    return line.split(separator: ":").last.map { String($0.drop { $0 == " " }) }
  }
}
