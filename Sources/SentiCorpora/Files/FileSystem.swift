import Glibc
internal import SentiIO

/// The few questions that this module asks of the file system.
package enum FileSystem {
  /// What stands at a path.
  enum Kind { case file, folder, special }

  /// Tells what stands at a path, following symbolic links.
  static func kind(of path: String) throws(CorpusError) -> Kind {
    var information = stat()
    guard stat(FileName.cString(path), &information) == 0 else { throw readingError(path) }
    switch information.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFREG: return .file
    default: return .special
    }
  }

  /// Tells whether anything stands at a path.
  package static func exists(_ path: String) -> Bool {
    access(FileName.cString(path), F_OK) == 0
  }

  /// Tells whether two paths lead to one and the same ordinary file.
  ///
  /// A device or a terminal may be read and written at once.
  package static func areSame(_ path: String, _ other: String) -> Bool {
    var information = stat()
    var otherInformation = stat()
    guard stat(FileName.cString(path), &information) == 0,
      stat(FileName.cString(other), &otherInformation) == 0
    else { return false }
    return information.st_mode & S_IFMT == S_IFREG
      && information.st_dev == otherInformation.st_dev
      && information.st_ino == otherInformation.st_ino
  }

  /// Tells whether a path is itself a symbolic link.
  static func isSymbolicLink(_ path: String) -> Bool {
    var information = stat()
    return lstat(FileName.cString(path), &information) == 0
      && information.st_mode & S_IFMT == S_IFLNK
  }

  /// Lists what a folder holds, hidden entries left out, in the order of the names' bytes.
  static func entries(of folder: String) throws(CorpusError) -> [String] {
    guard try kind(of: folder) == .folder else { throw CorpusError(.isNotFolder, path: folder) }
    guard let stream = opendir(FileName.cString(folder)) else { throw readingError(folder) }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    errno = 0
    while let entry = readdir(stream) {
      var field = [UInt8](repeating: 0, count: Int(NAME_MAX) + 1)
      memccpy(&field, &entry.pointee.d_name, 0, field.count)
      let name = Array(field.prefix { $0 != 0 })
      if name.first != UInt8(ascii: ".") { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw readingError(folder) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map(FileName.string)
  }

  /// Measures an open file; a pipe or a device has no size.
  static func size(ofDescriptor descriptor: Int32) -> Int? {
    state(ofDescriptor: descriptor).size
  }

  /// Tells whether what is open is a folder, and its size where it is a file.
  static func state(ofDescriptor descriptor: Int32) -> (isFolder: Bool, size: Int?) {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return (false, nil) }
    let kind = information.st_mode & S_IFMT
    return (kind == S_IFDIR, kind == S_IFREG ? Int(information.st_size) : nil)
  }

  /// Joins a folder and a name.
  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// Makes the error that the last failed call for reading stands for.
  static func readingError(_ path: String, code: Int32 = errno) -> CorpusError {
    switch code {
    case ENOENT, ENOTDIR: CorpusError(.missing, path: path)
    case EISDIR: CorpusError(.isFolder, path: path)
    default: CorpusError(.unreadable(reason: text(ofError: code)), path: path)
    }
  }

  /// Makes the error that the last failed call for writing stands for.
  static func writingError(_ path: String, code: Int32 = errno) -> CorpusError {
    switch code {
    case EEXIST: CorpusError(.alreadyExists, path: path)
    case EPIPE: CorpusError(.readerGone, path: path)
    default: CorpusError(.unwritable(reason: text(ofError: code)), path: path)
    }
  }

  /// Gives the operating system's own text for an error number.
  static func text(ofError code: Int32) -> String {
    String(cString: strerror(code))
  }
}
