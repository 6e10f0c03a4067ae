public import SentiTensor

/// A training on disk: everything that is needed to go on to the very same weights.
///
/// One `.safetensors` file: parameters, moments and averages as one tensor each, all else as
/// metadata. It is written beside and renamed, so that an interruption leaves the last one whole.
public struct TrainingCheckpoint: Sendable {
  /// The newest version of the format that this package reads, and the one that it writes.
  public static let formatVersion = 3

  static let kind = "checkpoint"

  private enum Key {
    static let kind = "senti.kind"
    static let position = "senti.position"
    static let settings = "senti.settings"
    static let layout = "senti.layout"
    static let notesPrefix = "senti.note."
    static let parameters = "parameters"
    static let firstMoments = "first_moments"
    static let secondMoments = "second_moments"
    static let average = "average"
    static let averageSteps = "average_steps"
    static let best = "best"
  }

  private struct Position: Codable {
    var epoch: Int
    var batch: Int
    var stepCount: Int
    /// Missing before version 3, which counted all steps for every parameter.
    var updateCounts: [Int]?
    /// Missing where nobody counted them yet.
    var clippedCount: Int?
    var tally: EpochMetrics
    var epochLosses: [Double]

    func counts(_ layout: ParameterLayout) -> [Int] {
      updateCounts ?? [Int](repeating: stepCount, count: layout.slots.count)
    }
  }

  /// The settings that the state came about with.
  public var settings: TrainingSettings

  /// What the training had come to.
  public var state: TrainingState

  /// The best parameters of all epochs so far, where some were kept.
  public var best: Parameters<Float>?

  /// What else the training must remember, by name.
  public var notes: [String: String]

  /// Collects a checkpoint.
  ///
  /// - Parameters:
  ///   - settings: The settings.
  ///   - state: What the training has come to.
  ///   - best: The best parameters of all epochs so far.
  ///   - notes: What else must be remembered, by name.
  public init(
    settings: TrainingSettings, state: TrainingState, best: Parameters<Float>? = nil,
    notes: [String: String] = [:]
  ) {
    self.settings = settings
    self.state = state
    self.best = best
    self.notes = notes
  }

  /// Writes the checkpoint, replacing an older one.
  ///
  /// - Parameter path: Where to write.
  /// - Throws: `ArchiveError`, where it cannot be written; an older checkpoint is then still whole.
  public func write(to path: String) throws(ArchiveError) {
    let position = Position(
      epoch: state.epoch, batch: state.batch, stepCount: state.optimizer.stepCount,
      updateCounts: state.optimizer.updateCounts, clippedCount: state.clippedCount,
      tally: state.tally, epochLosses: state.epochLosses)
    var metadata = [
      Key.kind: Self.kind,
      Key.position: MetadataJSON.encoded(position),
      Key.settings: MetadataJSON.encoded(settings),
      Key.layout: state.parameters.layout.description,
    ]
    for (name, note) in notes { metadata[Key.notesPrefix + name] = note }
    var writer = SafetensorsWriter(formatVersion: Self.formatVersion, metadata: metadata)
    writer.append(state.parameters.values, named: Key.parameters)
    writer.append(state.optimizer.firstMoments, named: Key.firstMoments)
    writer.append(state.optimizer.secondMoments, named: Key.secondMoments)
    writer.append(state.optimizer.arenas.average.elements, named: Key.average)
    writer.append(state.optimizer.average.stepCounts, named: Key.averageSteps)
    if let best { writer.append(best.values, named: Key.best) }
    try writer.write(to: path, overwriting: true)
  }

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - layout: The parameters of the model that goes on training.
  /// - Throws: `ArchiveError`, where the file is damaged or foreign, or
  ///   ``TrainingError/checkpointMismatch(path:what:expected:found:)``, where its parameters have other
  ///   names or shapes. Cells that differ in nothing else are told apart by the caller's ``notes``.
  public init(contentsOf path: String, layout: ParameterLayout) throws {
    let archive = try SafetensorsArchive(contentsOf: path)
    try archive.requireFormatVersion(atMost: Self.formatVersion)
    try archive.verifyChecksum()
    func require(_ what: String, _ key: String, _ expected: String) throws {
      let found = try archive.requireMetadata(key)
      guard found == expected else {
        throw TrainingError.checkpointMismatch(
          path: path, what: what, expected: expected, found: found)
      }
    }
    try require("kind", Key.kind, Self.kind)
    try require("architecture", Key.layout, layout.description)
    let position = try Self.position(archive, layout)
    settings = try Self.decoded(archive, Key.settings)
    func arena(_ name: String, _ layout: ParameterLayout) throws -> Parameters<Float> {
      Parameters(
        layout: layout, values: try archive.values(named: name, shape: [layout.elementCount]))
    }
    for name in [Key.average, Key.best] { try Self.requireFinite(name, in: archive) }
    state = TrainingState(parameters: try arena(Key.parameters, layout), settings: settings)
    state.optimizer.stepCount = position.stepCount
    state.optimizer.updateCounts = position.counts(layout)
    try Self.restore(&state.optimizer, from: archive)
    (state.epoch, state.batch, state.tally) = (position.epoch, position.batch, position.tally)
    state.clippedCount = position.clippedCount ?? 0
    state.epochLosses = position.epochLosses
    let isBestKept = archive.tensors.contains { $0.name == Key.best }
    best = isBestKept ? try arena(Key.best, layout) : nil
    notes = [:]
    for (key, note) in archive.metadata where key.hasPrefix(Key.notesPrefix) {
      notes[String(key.dropFirst(Key.notesPrefix.count))] = note
    }
  }

  /// Reads what the optimizer kept, in the shapes that a fresh one has.
  private static func restore(
    _ optimizer: inout Optimizer<Float>, from archive: SafetensorsArchive
  ) throws {
    func restored(_ name: String, like values: AlignedArray<Float>) throws -> AlignedArray<Float> {
      AlignedArray(try archive.values(named: name, shape: [values.count]))
    }
    let fresh = optimizer
    optimizer.arenas = UpdateArenas(
      firstMoments: try restored(Key.firstMoments, like: fresh.arenas.firstMoments),
      secondMoments: try restored(Key.secondMoments, like: fresh.arenas.secondMoments),
      average: try restored(Key.average, like: fresh.arenas.average))
    optimizer.average.stepCounts = try stepCounts(
      archive, count: fresh.average.stepCounts.count, limit: optimizer.stepCount)
  }

  /// Refuses weights that a model is made of and that are no numbers; those that are trained on are
  /// searched by the trainer.
  private static func requireFinite(
    _ name: String, in archive: SafetensorsArchive
  ) throws(ArchiveError) {
    guard archive.tensors.contains(where: { $0.name == name }) else { return }
    let values: [Float] = try archive.values(named: name)
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .unexpectedTensor(
      path: archive.path, tensor: name, expected: "finite numbers",
      found: "\(values[index]) at \(index)")
  }

  /// How many steps each row's average knows; none can know more than there were.
  private static func stepCounts(
    _ archive: SafetensorsArchive, count: Int, limit: Int
  ) throws(ArchiveError) -> [Int32] {
    let counts: [Int32] = try archive.values(named: Key.averageSteps, shape: [count])
    guard counts.allSatisfy({ $0 >= 0 && Int($0) <= limit }) else {
      throw .unexpectedTensor(
        path: archive.path, tensor: Key.averageSteps, expected: "numbers from 0 to \(limit)",
        found: "\(counts.min() ?? 0) to \(counts.max() ?? 0)")
    }
    return counts
  }

  /// What no training comes to; more is damage, and must not lead to numbers that overflow.
  private static var greatestPlace: Int { Int(Int32.max) - 1 }
  private static var greatestSum: Int { 1 << 53 }

  private static func position(
    _ archive: SafetensorsArchive, _ layout: ParameterLayout
  ) throws(ArchiveError) -> Position {
    let position: Position = try decoded(archive, Key.position)
    let (counts, tally) = (position.counts(layout), position.tally)
    let places = [position.epoch, position.batch, position.stepCount, position.clippedCount ?? 0]
    let sums = [tally.correctCount, tally.exampleCount, tally.tokenCount]
    guard places.allSatisfy((0...greatestPlace).contains),
      sums.allSatisfy((0...greatestSum).contains),
      counts.count == layout.slots.count, counts.allSatisfy({ 0...position.stepCount ~= $0 })
    else {
      throw .unexpectedMetadata(
        path: archive.path, key: Key.position,
        expected: "places from 0 to \(greatestPlace), sums from 0 to \(greatestSum), and "
          + "\(layout.slots.count) counts of at most all updates",
        found: MetadataJSON.encoded(position))
    }
    return position
  }

  private static func decoded<Value: Decodable>(
    _ archive: SafetensorsArchive, _ key: String
  ) throws(ArchiveError) -> Value {
    let text = try archive.requireMetadata(key)
    do { return try MetadataJSON.decoded(text) } catch {
      throw .unexpectedMetadata(
        path: archive.path, key: key, expected: "a description of \(Value.self)", found: text)
    }
  }
}
