/// Numbers at equal distances of time.
public struct TimeSeries: Hashable, Sendable {
  /// What the series is called among others.
  public let id: String
  /// The times.
  public let axis: TimeAxis
  /// The numbers, first one first; nil where one is missing.
  public let values: [Double?]

  /// Makes a series.
  ///
  /// - Parameters:
  ///   - id: What the series is called among others.
  ///   - axis: The times.
  ///   - values: The numbers, which are finite; nil where one is missing.
  public init(id: String, axis: TimeAxis, values: [Double?]) {
    precondition(
      values.allSatisfy { $0?.isFinite ?? true }, "series \(id) with infinite values")
    self.id = id
    self.axis = axis
    self.values = values
  }

  /// The number of times, gaps included.
  public var count: Int { values.count }

  /// The series without its last times.
  ///
  /// - Parameter count: How many to leave out; all are where there are no more.
  /// - Returns: The past.
  public func dropLast(_ count: Int) -> TimeSeries {
    TimeSeries(id: id, axis: axis, values: Array(values.dropLast(count)))
  }

  /// Whether all numbers that are there are the same.
  var isConstant: Bool { Set(values.compactMap(\.self)).count <= 1 }
}
