public import Foundation

/// The clone that the tests were built from.
public enum Repository {
  /// Its top folder, which holds `Package.swift`.
  public static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
