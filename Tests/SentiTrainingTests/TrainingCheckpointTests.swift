import Foundation
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Training checkpoint")
struct TrainingCheckpointTests {
  let folder: TemporaryFolder
  let examples = ToyModel.Example.list(60)
  let layout = ToyModel().layout

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path("training.safetensors") }

  /// A training that was interrupted in its second epoch.
  func interrupted(_ settings: TrainingSettings = .toy()) throws -> Trainer<ToyModel> {
    var trainer = TrainerTests.trainer(settings)
    _ = try trainer.runEpoch(examples) { _ in true }
    #expect(try trainer.runEpoch(examples) { $0.batch < 2 } == nil)
    return trainer
  }

  func checkpoint(
    _ settings: TrainingSettings = .toy(), best: Parameters<Float>? = nil
  ) throws -> TrainingCheckpoint {
    TrainingCheckpoint(
      settings: settings, state: try interrupted(settings).state, best: best,
      notes: ["texts": "60", "odd \"name\"": "a\nb"])
  }

  // MARK: Round trip

  @Test(arguments: TrainerTests.rules)
  func comesBackAsItWas(_ rule: OptimizerRule) throws {
    var settings = TrainingSettings.toy(optimizer: rule)
    settings.clippingNorm = 0.1
    let written = try checkpoint(settings, best: ToyModel().initialParameters(seed: 9))
    try written.write(to: path)
    let read = try TrainingCheckpoint(contentsOf: path, layout: layout)
    #expect(read.settings == written.settings)
    #expect(read.notes == written.notes)
    #expect(bits(read.best?.values ?? []) == bits(written.best?.values ?? []))
    let (one, other) = (read.state, written.state)
    #expect(bits(one.parameters.values) == bits(other.parameters.values))
    #expect(bits(one.average?.values ?? []) == bits(other.average?.values ?? []))
    #expect(one.epoch == 1 && one.batch == 2)
    #expect(one.clippedCount == other.clippedCount && one.clippedCount > 0)
    #expect(one.tally == other.tally)
    #expect(one.optimizer.rule == rule)
    #expect(one.optimizer.stepCount == other.optimizer.stepCount)
    #expect(bits(one.optimizer.firstMoments) == bits(other.optimizer.firstMoments))
    #expect(bits(one.optimizer.secondMoments) == bits(other.optimizer.secondMoments))
    #expect(one.epochLosses == other.epochLosses && one.epochLosses.count == 1)
  }

  @Test func mayLackAverageAndBest() throws {
    var settings = TrainingSettings.toy()
    settings.averagingDecay = nil
    try checkpoint(settings).write(to: path)
    let read = try TrainingCheckpoint(contentsOf: path, layout: layout)
    #expect(read.best == nil)
    #expect(read.state.average == nil)
  }

  /// Law 10.
  @Test(arguments: TrainerTests.rules, [(1, false), (2, false), (2, true)])
  func resumingIsNeverHavingStopped(
    _ rule: OptimizerRule, _ run: (threadCount: Int, isLazy: Bool)
  ) throws {
    var settings = TrainingSettings.toy(threadCount: run.threadCount, optimizer: rule)
    settings.isLazy = run.isLazy
    let whole = try TrainerTests.trained(settings, examples)
    try checkpoint(settings).write(to: path)
    let read = try TrainingCheckpoint(contentsOf: path, layout: layout)
    var resumed = Trainer(ToyModel(), settings: read.settings, state: read.state)
    _ = try TrainerTests.finish(&resumed, examples)
    #expect(bits(resumed.state.parameters.values) == bits(whole.parameters.values))
    #expect(bits(resumed.state.average?.values ?? []) == bits(whole.average?.values ?? []))
    #expect(resumed.state.optimizer.stepCount == whole.optimizer.stepCount)
  }

  /// A parameter that was freed in the epoch of the interruption goes on with moments as young.
  @Test func resumingGradualUnfreezingIsNeverHavingStopped() throws {
    var settings = TrainingSettings.toy(optimizer: .adam())
    settings.groups = ParameterGroup.layers(["embedding.", "output."], isGradual: true)
    let whole = try TrainerTests.trained(settings, examples)
    try checkpoint(settings).write(to: path)
    let read = try TrainingCheckpoint(contentsOf: path, layout: layout)
    let counts = read.state.optimizer.updateCounts
    #expect(counts[0] == 2 && counts[1] > 2 && counts[1] == read.state.optimizer.stepCount)
    var resumed = Trainer(ToyModel(), settings: read.settings, state: read.state)
    _ = try TrainerTests.finish(&resumed, examples)
    #expect(bits(resumed.state.parameters.values) == bits(whole.parameters.values))
  }

  /// Version 2 knew of no counts: every parameter took part in all steps.
  @Test func readsOneOfAnEarlierVersion() throws {
    try checkpoint().write(to: path)
    try folder.change("training.safetensors") {
      let uncounted = try replacing(#"updateCounts\":"#, by: #"unknownWords\":"#, in: $0)
      return try replacing(#"clippedCount\":"#, by: #"strangeWords\":"#, in: uncounted)
    }
    let state = try TrainingCheckpoint(contentsOf: path, layout: layout).state
    #expect(state.clippedCount == 0)
    let optimizer = state.optimizer
    #expect(optimizer.stepCount > 2)
    #expect(optimizer.updateCounts == layout.slots.map { _ in optimizer.stepCount })
  }

  @Test func replacesAnOlderOne() throws {
    try checkpoint().write(to: path)
    var newer = try checkpoint()
    newer.notes = ["texts": "61"]
    try newer.write(to: path)
    #expect(try TrainingCheckpoint(contentsOf: path, layout: layout).notes == ["texts": "61"])
    #expect(try folder.names() == ["training.safetensors"])
  }

  /// A limit on the size of files stands for a full disk: the write fails halfway.
  @Test func aFullDiskKeepsTheOldOne() async throws {
    await #expect(processExitsWith: .success) {
      let tests = try TrainingCheckpointTests()
      try tests.checkpoint().write(to: tests.path)
      let before = try tests.folder.bytes("training.safetensors")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let expected = ArchiveError.cannotWrite(path: tests.path, reason: "File too large")
      var newer = try tests.checkpoint()
      newer.notes = [:]
      #expect(throws: expected) { try newer.write(to: tests.path) }
      #expect(try tests.folder.names() == ["training.safetensors"])
      #expect(try tests.folder.bytes("training.safetensors") == before)
    }
  }

  // MARK: Refused files

  @Test func refusesAnotherArchitecture() throws {
    try checkpoint().write(to: path)
    #expect(
      throws: TrainingError.checkpointMismatch(
        path: path, what: "architecture",
        expected: "embedding.weight[6, 4] output.weight[2, 4] output.bias[2]",
        found: "embedding.weight[6, 3] output.weight[2, 3] output.bias[2]")
    ) {
      _ = try TrainingCheckpoint(contentsOf: path, layout: ToyModel(embeddingSize: 4).layout)
    }
  }

  @Test func refusesAnArchiveOfAnotherKind() throws {
    let writer = SafetensorsWriter(formatVersion: 1, metadata: ["senti.kind": "sentiment"])
    try writer.write(to: path)
    #expect(
      throws: TrainingError.checkpointMismatch(
        path: path, what: "kind", expected: "checkpoint", found: "sentiment")
    ) { _ = try TrainingCheckpoint(contentsOf: path, layout: layout) }
  }

  @Test func refusesANewerFormat() throws {
    #expect(TrainingCheckpoint.formatVersion == 3)
    try SafetensorsWriter(formatVersion: 4).write(to: path)
    #expect(throws: ArchiveError.newerFormatVersion(path: path, newestSupported: 3, found: 4)) {
      _ = try TrainingCheckpoint(contentsOf: path, layout: layout)
    }
  }

  @Test func refusesATruncatedFile() throws {
    try checkpoint().write(to: path)
    let count = try folder.bytes("training.safetensors").count
    for kept in [0, 7, 100, count / 2, count - 1] {
      try checkpoint().write(to: path)
      try folder.change("training.safetensors") { $0.prefix(kept) }
      #expect(throws: ArchiveError.self) {
        _ = try TrainingCheckpoint(contentsOf: path, layout: layout)
      }
    }
  }

  /// They would become a model without a step that notices.
  @Test(arguments: ["average", "best"])
  func refusesWeightsThatAreNoNumbers(name: String) throws {
    let infinite = Parameters<Float>(layout: layout) {
      [Float](repeating: .infinity, count: $0.range.count)
    }
    var written = try checkpoint(best: name == "best" ? infinite : nil)
    if name == "average" {
      var parameters = infinite
      written.state.optimizer.update(
        &parameters, Parameters(layout: layout), learningRate: 0.1)
    }
    try written.write(to: path)
    let error = ArchiveError.unexpectedTensor(
      path: path, tensor: name, expected: "finite numbers", found: "inf at 0")
    #expect(throws: error) { try TrainingCheckpoint(contentsOf: path, layout: layout) }
  }

  @Test func refusesADamagedTensor() throws {
    try checkpoint().write(to: path)
    try folder.change("training.safetensors") { data in
      var damaged = data
      damaged[damaged.count - 1] ^= 1
      return damaged
    }
    #expect {
      _ = try TrainingCheckpoint(contentsOf: path, layout: layout)
    } throws: { error in
      guard case ArchiveError.checksumMismatch(path, _, _) = error else { return false }
      return true
    }
  }

  @Test(arguments: [
    ("senti.position", #""batch\":2"#, #""batch\":-2"#),
    ("senti.position", #""batch\":2"#, #""botch\":2"#),
    ("senti.position", #""batch\":2"#, #""batch\":2147483647"#),
    ("senti.position", #""tokenCount\":"#, #""tokenCount\":900719925474099"#),
    ("senti.settings", #""seed\":1"#, #""seed\":x"#),
  ])
  func refusesMalformedMetadata(_ key: String, _ old: String, _ new: String) throws {
    try checkpoint().write(to: path)
    try folder.change("training.safetensors") { try replacing(old, by: new, in: $0) }
    #expect {
      _ = try TrainingCheckpoint(contentsOf: path, layout: layout)
    } throws: { error in
      guard case ArchiveError.unexpectedMetadata(path, key, _, _) = error else { return false }
      return true
    }
  }

  @Test func refusesAFileThatIsNotThere() {
    #expect(throws: ArchiveError.self) {
      _ = try TrainingCheckpoint(contentsOf: path, layout: layout)
    }
  }

  /// A file whose header says something else; the padding behind the header makes up for lengths.
  private func replacing(_ old: String, by new: String, in data: Data) throws -> Data {
    let length = (0..<8).reduce(0) { $0 + Int(data[$1]) << (8 * $1) }
    let header = String(decoding: data[8..<8 + length], as: UTF8.self)
    try #require(header.contains(old))
    let bytes = Data(header.replacing(old, with: new).utf8)
    let lengthBytes = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
    return Data(lengthBytes) + bytes + data[(8 + length)...]
  }
}
