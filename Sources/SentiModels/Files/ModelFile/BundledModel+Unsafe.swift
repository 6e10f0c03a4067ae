internal import CSentiModels
internal import SentiTensor

extension BundledModel {
  /// The model's file.
  var fileBytes: ArchiveBytes {
    let file =
      switch self {
      case .english: CSentiModels_english()
      case .englishSmall: CSentiModels_englishSmall()
      }
    // Constants of the program are there, and stay as they are, until it ends.
    return unsafe ArchiveBytes(constantsAt: file.start, count: file.byteCount)
  }
}
