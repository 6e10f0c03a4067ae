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

  @Test func finishesOnce() throws {
    let (program, _) = try FilterProgram.reading(from: 0, ["true"])
    try program.finish()
    try program.finish()
  }
}
