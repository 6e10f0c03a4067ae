/// The version of the package, which is written here and nowhere else.
public enum SentiVersion {
  /// The version, by Semantic Versioning.
  public static let current = "0.1.0"
}
