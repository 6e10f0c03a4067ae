internal import CSentiModels
internal import SentiTensor

/// A file of the suite that comes with the package.
struct BundledCheckFile {
  /// The file's name, without a folder.
  let name: String
  /// The file's content.
  let bytes: [UInt8]

  /// The files in the order in which capabilities are reported.
  static var all: [BundledCheckFile] {
    (0..<CSentiModels_checkFileCount()).map { index in
      let file = CSentiModels_checkFile(index)
      // Constants of the program are there, and stay as they are, until it ends.
      let content = unsafe ArchiveBytes(constantsAt: file.start, count: file.byteCount)
      let name = unsafe String(cString: CSentiModels_checkFileName(index))
      return BundledCheckFile(name: name, bytes: content.bytes(0..<content.count))
    }
  }
}
