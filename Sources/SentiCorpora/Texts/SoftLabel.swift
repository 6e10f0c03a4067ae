/// A probability for each label, as a teacher gives it: by name, or in the order of the labels.
public enum SoftLabel: Hashable, Sendable {
  /// Probabilities by label: `{"negative": 0.2, "positive": 0.8}`.
  case named([String: Double])
  /// Probabilities in the order of the model's labels: `[0.2, 0.8]`.
  case ordered([Double])

  /// How far from 1 the sum of probabilities may lie, for numbers that were rounded when written.
  static let tolerance = 1e-2

  /// Gives the probabilities in the order of some labels, scaled to the sum 1.
  ///
  /// - Parameter labels: The labels.
  /// - Returns: One probability a label, a label that is not named having 0; nil where the number or a
  ///   name does not fit.
  public func probabilities(of labels: [String]) -> [Double]? {
    let values: [Double]
    switch self {
    case .ordered(let ordered): values = ordered
    case .named(let named):
      guard Set(named.keys).isSubset(of: labels) else { return nil }
      values = labels.map { named[$0] ?? 0 }
    }
    guard values.count == labels.count else { return nil }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// The number of probabilities.
  public var count: Int { values.count }

  /// The probabilities, in no certain order.
  private var values: [Double] {
    switch self {
    case .named(let named): Array(named.values)
    case .ordered(let ordered): ordered
    }
  }

  /// Reads probabilities.
  ///
  /// - Parameter json: An object or array of numbers as JSON.
  /// - Throws: What is wrong, in words.
  init(_ json: ArraySlice<UInt8>) throws(Problem) {
    let isObject = json.first == UInt8(ascii: "{")
    self = if isObject { try Self.object(json) } else { try Self.array(json) }
    let values = values
    guard !values.isEmpty, values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw Problem(found: "a number that is none")
    }
    let sum = values.reduce(0, +)
    guard abs(sum - 1) <= Self.tolerance else { throw Problem(found: "the sum \(sum)") }
  }

  /// What was found instead of probabilities.
  struct Problem: Error {
    let found: String
  }

  private static func object(_ json: ArraySlice<UInt8>) throws(Problem) -> SoftLabel {
    let bytes = Array(json)
    guard let scanner = try? JSONObjectScanner(bytes, in: bytes.indices) else {
      throw Problem(found: "malformed JSON")
    }
    var named: [String: Double] = [:]
    for (name, field) in zip(scanner.names, scanner.fields) {
      guard field.form == .number, named[name] == nil else {
        throw Problem(found: field.form == .number ? "a label twice" : field.noun)
      }
      named[name] = Double(String(decoding: bytes[field.range], as: UTF8.self))
    }
    return .named(named)
  }

  private static func array(_ json: ArraySlice<UInt8>) throws(Problem) -> SoftLabel {
    guard json.first == UInt8(ascii: "["), json.last == UInt8(ascii: "]") else {
      throw Problem(found: "text")
    }
    var ordered: [Double] = []
    for part in json.dropFirst().dropLast().split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      let written = String(decoding: part, as: UTF8.self).filter { !$0.isWhitespace }
      guard let value = Double(written) else { throw Problem(found: "something else in the array") }
      ordered.append(value)
    }
    return .ordered(ordered)
  }
}
