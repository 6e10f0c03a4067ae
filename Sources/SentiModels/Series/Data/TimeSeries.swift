/// Numbers at equal distances of time.
public struct TimeSeries: Hashable, Sendable {
  /// What the series is called among others.
  public let id: String
  /// The times.
  public let axis: TimeAxis
  /// The numbers, first one first; nil where one is missing.
  public let values: [Double?]
  /// Other columns by name; those that are known ahead go on behind the last number.
  public let covariates: [String: [Double?]]

  /// Makes a series.
  ///
  /// - Parameters:
  ///   - id: What the series is called among others.
  ///   - axis: The times.
  ///   - values: The numbers, which are finite; nil where one is missing.
  ///   - covariates: Other columns by name, finite too, from the first time on and no shorter.
  public init(
    id: String, axis: TimeAxis, values: [Double?], covariates: [String: [Double?]] = [:]
  ) {
    let areFinite = ([values] + covariates.values).allSatisfy { column in
      column.allSatisfy { $0?.isFinite ?? true }
    }
    precondition(areFinite, "series \(id) with infinite values")
    precondition(
      covariates.values.allSatisfy { $0.count >= values.count },
      "series \(id): covariates of fewer than \(values.count) times")
    self.id = id
    self.axis = axis
    self.values = values
    self.covariates = covariates
  }

  /// The number of times, gaps included.
  public var count: Int { values.count }

  /// The series without its last numbers; covariates stay, also those of the times that are left out.
  ///
  /// - Parameter count: How many to leave out; all are where there are no more.
  /// - Returns: The past.
  public func dropLast(_ count: Int) -> TimeSeries {
    TimeSeries(
      id: id, axis: axis, values: Array(values.dropLast(count)), covariates: covariates)
  }

  /// A column; without numbers where there is no such column.
  func covariate(_ name: String) -> [Double?] { covariates[name] ?? [] }

  /// Whether all numbers that are there are the same.
  var isConstant: Bool { Set(values.compactMap(\.self)).count <= 1 }
}
