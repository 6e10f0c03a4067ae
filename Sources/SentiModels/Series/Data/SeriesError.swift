public import SentiCorpora

/// What can be wrong with series.
public enum SeriesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file cannot be read, or a row of it is not what it must be.
  case corpus(CorpusError)
  /// A series has too few times.
  case tooShort(series: String, expected: Int, found: Int)
  /// A series has no number at all where one is needed.
  case noValues(series: String)
  /// All numbers of a series are the same, so that there is nothing to learn.
  case constant(series: String)
  /// A number is negative where its logarithm is to be taken.
  case negative(series: String, value: Double)
  /// A series has times at other distances than those a model was trained on.
  case otherStep(series: String, expected: TimeStep, found: TimeStep)
  /// A series lacks a column that a model reads.
  case noCovariate(series: String, name: String)
  /// A column that is known ahead ends before the last time that is forecast.
  case unknownCovariate(series: String, name: String, time: SeriesTime)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .corpus(let error): error.description
    case .tooShort(let series, let expected, let found):
      "\(Self.name(series)): expected at least \(expected) times, found \(found)"
    case .noValues(let series): "\(Self.name(series)): expected numbers, found only gaps"
    case .constant(let series):
      "\(Self.name(series)): expected numbers that differ, found only equal ones"
    case .negative(let series, let value):
      "\(Self.name(series)): expected numbers of 0 or more for a logarithm, found \(value)"
    case .otherStep(let series, let expected, let found):
      "\(Self.name(series)): expected times \(expected) apart, found \(found) apart"
    case .noCovariate(let series, let name):
      "\(Self.name(series)): expected the column \"\(name)\", which the model reads"
    case .unknownCovariate(let series, let name, let time):
      "\(Self.name(series)): expected \"\(name)\" of \(time) too, as a row without a number to forecast"
    }
  }

  private static func name(_ series: String) -> String {
    series.isEmpty ? "the series" : "series \(series)"
  }
}
