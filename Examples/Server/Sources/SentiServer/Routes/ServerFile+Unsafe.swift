internal import CSentiServerFiles

/// A file inside the program.
enum ServerFile {
  case page, script, style, openAPI

  /// The bytes.
  var bytes: [UInt8] {
    let file =
      switch self {
      case .page: CSentiServerFiles_page()
      case .script: CSentiServerFiles_script()
      case .style: CSentiServerFiles_style()
      case .openAPI: CSentiServerFiles_openAPI()
      }
    // Constants of the program are there until it ends, and as long as the header says.
    return unsafe Array(UnsafeBufferPointer(start: file.start, count: file.byteCount))
  }
}
