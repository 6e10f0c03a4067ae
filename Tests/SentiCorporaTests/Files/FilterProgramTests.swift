import Glibc
import Testing

@testable import SentiCorpora

@Suite("Filter program")
struct FilterProgramTests {
  @Test func saysThatAProgramIsNotInstalled() throws {
    #expect {
      _ = try FilterProgram.reading(from: 0, ["senti-has-no-such-program"])
    } throws: { error in
      (error as? FilterFailure)?.reason
        == "the program senti-has-no-such-program is not installed"
    }
  }

  @Test func saysThatAProgramFailedWithoutAWord() throws {
    let (program, output) = try FilterProgram.reading(from: 0, ["false"])
    var bytes: [UInt8] = []
    #expect(try ByteSource(descriptor: output, name: "false").read(into: &bytes) == 0)
    #expect {
      try program.finish()
    } throws: { error in
      (error as? FilterFailure)?.reason == "false failed"
    }
  }

  /// What belonged to a program that has ended may be another's by then.
  @Test func finishesOnce() async {
    await #expect(processExitsWith: .success) {
      let (program, output) = try FilterProgram.reading(from: 0, ["true"])
      close(output)
      try program.finish()
      let others = (0..<16).map { _ in open("/dev/null", O_RDONLY) }
      try program.finish()
      precondition(others.allSatisfy { fcntl($0, F_GETFD) >= 0 }, "closed what was another's")
    }
  }
}
