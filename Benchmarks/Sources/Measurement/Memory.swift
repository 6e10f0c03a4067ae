internal import Foundation
internal import Glibc

/// The resident memory of this process.
package enum Memory {
  /// The greatest amount so far, in bytes.
  package static var peakByteCount: Int {
    var usage = rusage()
    let status = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    precondition(status == 0, "no resource usage")
    return usage.ru_maxrss * 1024
  }

  /// The amount now, in bytes; nil where Linux does not tell.
  package static var byteCount: Int? {
    let fields = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    guard let fields, fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Int(getpagesize())
  }
}
