internal import SentiTensor

/// What the exports of all models have in common.
enum ONNXExport {
  /// Protocol Buffers count a message's bytes in 32 bits with a sign; a mebibyte is for all else
  /// than weights.
  private static let greatestByteCount = 2 << 30 - 1 << 20

  /// Refuses a net that the format cannot describe, or that its files cannot hold.
  ///
  /// - Parameters:
  ///   - precision: How the net computes.
  ///   - layout: The net's parameters.
  /// - Throws: ``ModelError/notExportable(format:expected:found:)``.
  static func check(
    _ precision: WeightPrecision, _ layout: ParameterLayout
  ) throws(ModelError) {
    guard precision == .full else {
      throw .notExportable(
        format: "ONNX", expected: "a model in full precision", found: precision.rawValue)
    }
    let byteCount = layout.elementCount * MemoryLayout<Float>.size
    guard byteCount < greatestByteCount else {
      throw .notExportable(
        format: "ONNX", expected: "weights of less than \(greatestByteCount) bytes",
        found: "\(byteCount)")
    }
  }

  /// Writes a file.
  static func write(
    _ bytes: [UInt8], to path: String, overwriting: Bool
  ) throws(ModelError) {
    try ModelFile.archive { () throws(ArchiveError) in
      try FileReplacement.write([bytes], to: path, overwriting: overwriting)
    }
  }
}
