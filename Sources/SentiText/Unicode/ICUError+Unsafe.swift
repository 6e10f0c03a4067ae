internal import CSentiICU

/// A failure that ICU reported.
public enum ICUError: Error, Hashable, Sendable, CustomStringConvertible {
  /// ICU returned a failure status, by name, in the operation named.
  case failure(operation: String, status: String)
  /// ICU knows no language by this locale's name.
  case unknownLocale(String)

  /// One English sentence that says what failed.
  public var description: String {
    switch self {
    case .failure(let operation, let status): "ICU could not \(operation): \(status)"
    case .unknownLocale(let name): "ICU knows no locale \(name.quoted)"
    }
  }

  /// Throws when a status is a failure; ICU's warnings are negative and pass.
  static func check(_ status: Int32, _ operation: String) throws(ICUError) {
    guard status > 0 else { return }
    let name = unsafe String(cString: CSentiICU_errorName(status))
    throw .failure(operation: operation, status: name)
  }
}
