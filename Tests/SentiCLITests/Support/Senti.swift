import Foundation
import Glibc
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

/// Runs the built `senti`, as a user would.
enum Senti {
  /// What a run left behind.
  struct Outcome: Equatable {
    var output = ""
    var errors = ""
    var status: Int32 = 0
  }

  /// The program, which is built beside the tests.
  static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("senti").path
  }

  /// Runs the program with arguments.
  static func run(
    _ arguments: [String], input: String = "", in folder: TemporaryFolder,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try launch(path, arguments, input: Array(input.utf8), folder, environment)
  }

  /// Runs a shell script in which `senti` is the program.
  static func shell(_ script: String, in folder: TemporaryFolder) throws -> Outcome {
    let function = "senti() { '\(path)' \"$@\"; }\n"
    return try launch("/bin/bash", ["-c", function + script], input: [], folder, [:])
  }

  /// Runs a training, and presses Ctrl-C once it has learned a batch.
  ///
  /// Its history goes to a pipe that nobody reads until then, so that it cannot be done before.
  static func interruptTraining(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> Outcome {
    let pipe = folder["history"]
    mkfifo(pipe, 0o600)
    defer { unlink(pipe) }
    let arguments = arguments + ["--history", pipe]
    return try launch(path, arguments, input: [], folder, [:]) { process, errors in
      while process.isRunning && !errors().contains("epoch 1/") { usleep(1000) }
      process.send(SIGINT)
      let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      process.wait()
      close(reader)
    }
  }

  private static func launch(
    _ program: String, _ arguments: [String], input: [UInt8], _ folder: TemporaryFolder,
    _ environment: [String: String],
    whileRunning body: (_ process: ChildProcess, _ errors: () -> String) -> Void = { _, _ in }
  ) throws -> Outcome {
    // Files, not pipes: nothing has to be read while the program runs.
    let scratch = try TemporaryFolder()
    var command = ChildProcess.Command(program)
    command.arguments = arguments
    command.folder = folder.path
    let inherited = ProcessInfo.processInfo.environment.filter { $0.key != "COLUMNS" }
    command.environment = inherited.merging(environment) { $1 }
    command.streams = [
      .file(try scratch.write(input, to: "input")), .file(try scratch.write("", to: "output")),
      .file(try scratch.write("", to: "errors")),
    ]
    let process = try ChildProcess(command)
    body(process) { (try? String(contentsOfFile: scratch["errors"], encoding: .utf8)) ?? "" }
    let status = process.wait()
    return Outcome(
      output: try String(contentsOfFile: scratch["output"], encoding: .utf8),
      errors: try String(contentsOfFile: scratch["errors"], encoding: .utf8), status: status)
  }
}

/// A folder with the tiny model in it, in which the program is run.
struct Workplace {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TinyModel.classifier().write(to: folder["tiny.safetensors"], storedType: .float32)
  }

  /// Runs the program.
  func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Senti.Outcome {
    try Senti.run(arguments, input: input, in: folder, environment: environment)
  }

  /// Runs `senti classify` with the tiny model.
  func classify(_ arguments: String..., input: String = "") throws -> Senti.Outcome {
    try Senti.run(
      ["classify", "--model", "tiny.safetensors"] + arguments, input: input, in: folder)
  }
}
