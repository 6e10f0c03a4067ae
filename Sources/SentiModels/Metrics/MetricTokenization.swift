/// How a metric cuts texts into words.
public enum MetricTokenization: String, Sendable, CaseIterable {
  /// The rules of NIST's mteval-v13a, sacreBLEU's default.
  case mteval13a = "13a"
  /// White space alone, for texts whose marks stand apart already.
  case none

  /// The words of a text.
  ///
  /// - Complexity: O(n).
  public func words(of text: String) -> [String] {
    var scalars = Array(text.unicodeScalars)
    while scalars.last.map(isSpace) == true { scalars.removeLast() }
    if self == .mteval13a { scalars = Self.separated(scalars) }
    return scalars.split(whereSeparator: isSpace).map { String(String.UnicodeScalarView($0)) }
  }

  /// Puts spaces around marks, in mteval-v13a's five passes.
  private static func separated(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var line = text
    for (old, new) in [
      ("<skipped>", ""), ("-\n", ""), ("\n", " "), ("&quot;", "\""), ("&amp;", "&"),
      ("&lt;", "<"), ("&gt;", ">"),
    ] {
      line = replacing(Array(old.unicodeScalars), by: Array(new.unicodeScalars), in: line)
    }
    line = ([" "] + line + [" "]).flatMap { isMark($0) ? [" ", $0, " "] : [$0] }
    line = pairs(line, where: { !isDigit($0) && isStop($1) }) { [$0, " ", $1, " "] }
    line = pairs(line, where: { isStop($0) && !isDigit($1) }) { [" ", $0, " ", $1] }
    return pairs(line, where: { isDigit($0) && $1 == "-" }) { [$0, " ", $1, " "] }
  }

  /// Rewrites pairs of neighbours front to back; no scalar is in two pairs.
  private static func pairs(
    _ line: [Unicode.Scalar], where matches: (Unicode.Scalar, Unicode.Scalar) -> Bool,
    _ rewrite: (Unicode.Scalar, Unicode.Scalar) -> [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    var output: [Unicode.Scalar] = []
    var place = 0
    while place < line.count {
      if place + 1 < line.count, matches(line[place], line[place + 1]) {
        output += rewrite(line[place], line[place + 1])
        place += 2
      } else {
        output.append(line[place])
        place += 1
      }
    }
    return output
  }

  private static func replacing(
    _ old: [Unicode.Scalar], by new: [Unicode.Scalar], in line: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    guard line.contains(old[0]) else { return line }
    var output: [Unicode.Scalar] = []
    var rest = line[...]
    while let first = rest.first {
      if rest.starts(with: old) {
        output += new
        rest = rest.dropFirst(old.count)
      } else {
        output.append(first)
        rest = rest.dropFirst()
      }
    }
    return output
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
    default: false
    }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }
}

/// Whether a scalar is white space, to Unicode or as one of ASCII's four separators.
func isSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
}
