/// The text files of a folder, in an order that is the same everywhere.
///
/// Names are sorted by their bytes, and hidden files are left out. Symbolic links to files are
/// followed; links to folders below the first are not, so that no folder is read twice.
public struct TextFolder: Hashable, Sendable {
  /// A file and the label that its folder gives it.
  public struct Entry: Hashable, Sendable {
    /// The path of the file.
    public let path: String
    /// The name of its folder, or `nil` in a folder without labels.
    public let label: String?
  }

  /// The path of the folder.
  public let path: String

  /// Names a folder; nothing is read yet.
  ///
  /// - Parameter path: The path of the folder.
  public init(_ path: String) {
    self.path = path
  }

  /// Lists the files of a folder whose subfolders are labels, such as `train/pos` and `train/neg`.
  ///
  /// Files beside the subfolders, and folders within them, are left out.
  ///
  /// - Parameter labels: The subfolders to read, or `nil` for all.
  /// - Returns: The files, one label after the other.
  /// - Throws: A ``CorpusError`` when the folder cannot be read, when it lacks a named subfolder,
  ///   or when no subfolder holds a file.
  public func labelledEntries(labels: [String]? = nil) throws(CorpusError) -> [Entry] {
    let folders = try contents().folders
    for label in labels ?? [] where !folders.contains(label) {
      throw CorpusError(.missingField(name: label, available: folders), path: path)
    }
    var entries: [Entry] = []
    for label in folders where labels?.contains(label) ?? true {
      for file in try TextFolder(FileSystem.join(path, label)).contents().files {
        entries.append(Entry(path: file, label: label))
      }
    }
    if entries.isEmpty { throw CorpusError(.empty, path: path) }
    return entries
  }

  /// Lists the files of a folder without labels.
  ///
  /// - Parameter isRecursive: Whether the files of folders within the folder belong to it.
  /// - Returns: The paths, files before folders.
  /// - Throws: A ``CorpusError`` when a folder cannot be read, or when there is no file.
  public func files(isRecursive: Bool) throws(CorpusError) -> [String] {
    let paths = try allFiles(isRecursive: isRecursive)
    if paths.isEmpty { throw CorpusError(.empty, path: path) }
    return paths
  }

  /// Tells whether the folder has subfolders, which then are labels.
  ///
  /// - Returns: Whether there is one.
  /// - Throws: A ``CorpusError`` when the folder cannot be read.
  public func hasSubfolders() throws(CorpusError) -> Bool {
    try !contents().folders.isEmpty
  }

  private func allFiles(isRecursive: Bool) throws(CorpusError) -> [String] {
    let contents = try contents()
    var paths = contents.files
    for name in contents.folders where isRecursive {
      let folder = FileSystem.join(path, name)
      if FileSystem.isSymbolicLink(folder) { continue }
      paths += try TextFolder(folder).allFiles(isRecursive: true)
    }
    return paths
  }

  /// Lists the paths of files and the names of folders, both sorted.
  private func contents() throws(CorpusError) -> (files: [String], folders: [String]) {
    var files: [String] = []
    var folders: [String] = []
    for name in try FileSystem.entries(of: path) {
      let entry = FileSystem.join(path, name)
      switch try? FileSystem.kind(of: entry) {
      case .folder: folders.append(name)
      case .special: break
      // A link that leads nowhere is listed too, so that reading it says so.
      case .file, nil: files.append(entry)
      }
    }
    return (files, folders)
  }
}
