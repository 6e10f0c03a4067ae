import Foundation
import Glibc
import SentiIO
import SentiTestSupport
import Testing

@Suite("Replacement file")
struct ReplacementFileTests {
  private func mode(_ path: String) -> UInt32 {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o7777 : 0
  }

  private func write(_ text: String, to path: String, overwriting: Bool = true) throws {
    try ReplacementFile.write([Array(text.utf8)], to: path, overwriting: overwriting)
  }

  @Test(arguments: [0o600, 0o640, 0o444, 0o755] as [mode_t])
  func keepsThePermissionsOfWhatItReplaces(mode: mode_t) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "a")
    chmod(path, mode)
    try write("new", to: path)
    #expect(self.mode(path) == mode)
    #expect(try folder.bytes("a") == Data("new".utf8))
    #expect(try folder.names() == ["a"])
  }

  /// A new file has the permissions that any program's has.
  @Test func givesNewFilesTheUsualPermissions() throws {
    let folder = try TemporaryFolder()
    try write("text", to: folder["a"], overwriting: false)
    try Data().write(to: URL(filePath: folder["usual"]))
    #expect(mode(folder["a"]) == mode(folder["usual"]))
  }

  @Test(arguments: [false, true])
  func isNobodyElsesUntilItIsWhole(isResumable: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try ReplacementFile(
      folder["a"], overwriting: false, kind: isResumable ? .resumable(keeping: nil) : .temporary)
    let name = try #require(try folder.names().first)
    #expect(try folder.names().count == 1 && mode(folder[name]) == 0o600)
    #expect(isResumable == (name == "a.partial"))
    try file.commit()
    #expect(try folder.names() == ["a"])
  }

  @Test func namesOfTemporaryFilesCannotBeForeseen() throws {
    let folder = try TemporaryFolder()
    let files = try (0..<20).map { _ in try ReplacementFile(folder["a"], overwriting: true) }
    #expect(try Set(folder.names()).count == 20)
    for file in files { file.discard() }
    #expect(try folder.names() == [])
  }

  // MARK: Symbolic links

  @Test(arguments: ["target", "sub/target", "missing"])
  func writesThroughALink(target: String) throws {
    let folder = try TemporaryFolder()
    if target != "missing" { try folder.write("old", to: target) }
    symlink(target, folder["link"])
    symlink("link", folder["chain"])
    try write("new", to: folder["chain"])
    #expect(try folder.bytes(target) == Data("new".utf8))
    #expect(FileManager.default.isSymbolicLink(folder["link"]))
    #expect(FileManager.default.isSymbolicLink(folder["chain"]))
    #expect(ReplacementFile.partialPath(for: folder["chain"]) == folder[target] + ".partial")
  }

  /// What a link says is relative to where that link is, not to where the first of a chain is.
  @Test func aLinkInAnotherFolderIsRelativeToThatFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "sub/target")
    symlink("target", folder["sub/link"])
    symlink("sub/link", folder["chain"])
    try write("new", to: folder["chain"])
    #expect(try folder.bytes("sub/target") == Data("new".utf8))
    #expect(try folder.names() == ["chain", "sub"])
  }

  @Test func refusesLinksThatGoInCircles() throws {
    let folder = try TemporaryFolder()
    symlink("b", folder["a"])
    symlink("a", folder["b"])
    #expect(throws: ReplacementFailure(.system(ELOOP), path: folder["a"])) {
      try write("new", to: folder["a"])
    }
  }

  @Test func doesNotFollowALinkInThePlaceOfAPartialFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("theirs", to: "victim")
    symlink("victim", folder["a.partial"])
    #expect(throws: ReplacementFailure.self) {
      try ReplacementFile(folder["a"], overwriting: true, kind: .resumable(keeping: 0))
    }
    unlink(folder["a.partial"])
    link(folder["victim"], folder["a.partial"])
    #expect(throws: ReplacementFailure(.isForeign, path: folder["a.partial"])) {
      try ReplacementFile(folder["a"], overwriting: true, kind: .resumable(keeping: 0))
    }
    #expect(try folder.bytes("victim") == Data("theirs".utf8))
  }

  // MARK: Two programs

  @Test func oneAtATimeWritesAResumableFile() throws {
    let folder = try TemporaryFolder()
    let file = try ReplacementFile(
      folder["a"], overwriting: false, kind: .resumable(keeping: nil))
    for (overwriting, kept) in [(false, nil), (true, nil), (false, 0)] as [(Bool, Int?)] {
      #expect(throws: ReplacementFailure(.isBeingWritten, path: folder["a.partial"])) {
        try ReplacementFile(folder["a"], overwriting: overwriting, kind: .resumable(keeping: kept))
      }
    }
    try file.write([1, 2])
    file.discard()
    let next = try ReplacementFile(folder["a"], overwriting: false, kind: .resumable(keeping: 1))
    try next.commit()
    #expect(try folder.bytes("a") == Data([1]))
  }

  /// Once it has its name, the name that it had may be another program's.
  @Test func oneAtATimeWritesAnExclusiveFileAndNothingIsLeftOfIt() throws {
    let folder = try TemporaryFolder()
    let file = try ReplacementFile(folder["a"], overwriting: true, kind: .exclusive)
    #expect(throws: ReplacementFailure(.isBeingWritten, path: folder["a.partial"])) {
      try ReplacementFile(folder["a"], overwriting: true, kind: .exclusive)
    }
    try file.write([1, 2])
    try file.commit()
    let next = try ReplacementFile(folder["a"], overwriting: true, kind: .exclusive)
    file.discard()
    #expect(try folder.names() == ["a", "a.partial"])
    try next.write([3])
    next.discard()
    #expect(try folder.names() == ["a"])
    #expect(try folder.bytes("a") == Data([1, 2]))
    #expect(!file.canBeResumed)
    try folder.write("left", to: "c.partial")
    #expect(throws: ReplacementFailure(.exists, path: folder["c.partial"])) {
      try ReplacementFile(folder["c"], overwriting: false, kind: .exclusive)
    }
  }

  @Test func whatIsShorterThanWhatIsToBeKeptIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("abc", to: "a.partial")
    #expect(throws: ReplacementFailure(.isForeign, path: folder["a"])) {
      try ReplacementFile(folder["a"], overwriting: false, kind: .resumable(keeping: 4))
    }
    #expect(try folder.bytes("a.partial") == Data("abc".utf8))
  }

  // MARK: What is no file

  @Test func writesDevicesInPlaceAndRefusesFolders() throws {
    let folder = try TemporaryFolder()
    try write("text", to: "/dev/null", overwriting: false)
    var information = stat()
    #expect(stat("/dev/null", &information) == 0 && information.st_mode & S_IFMT == S_IFCHR)
    #expect(throws: ReplacementFailure(.system(EISDIR), path: folder.path)) {
      try write("text", to: folder.path)
    }
    #expect(throws: ReplacementFailure(.system(ENOSPC), path: "/dev/full")) {
      try write("text", to: "/dev/full")
    }
  }

  @Test func aNameOfAnyBytesAndOfAnyLengthIsReplaced() throws {
    let folder = try TemporaryFolder()
    for name in [FileName.string([0x61, 0xE9]), String(repeating: "n", count: 255)] {
      try write("old", to: folder[name], overwriting: false)
      try write("new", to: folder[name])
      let descriptor = open(FileName.cString(folder[name]), O_RDONLY)
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: 4)
      #expect(read(descriptor, &bytes, 4) == 3 && bytes.starts(with: Array("new".utf8)))
      unlink(FileName.cString(folder[name]))
    }
    #expect(try folder.names() == [])
  }
}

extension FileManager {
  fileprivate func isSymbolicLink(_ path: String) -> Bool {
    (try? destinationOfSymbolicLink(atPath: path)) != nil
  }
}
