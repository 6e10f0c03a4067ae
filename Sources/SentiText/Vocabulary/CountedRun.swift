/// Words with their counts, in the order of the words' bytes: in memory, or in a file without a name.
struct CountedRun: Sendable {
  fileprivate enum Storage {
    case memory([(word: [UInt8], count: Int)])
    case file(ScratchFile, directory: String)
  }

  private let storage: Storage

  /// Keeps words in memory.
  init(_ words: [(word: [UInt8], count: Int)]) {
    storage = .memory(words)
  }

  /// Writes words to a file in a directory.
  init(
    _ words: [(word: [UInt8], count: Int)], writtenTo directory: String
  ) throws(VocabularyError) {
    do {
      let file = try ScratchFile(in: directory)
      var output: [UInt8] = []
      for (word, count) in words {
        output.append(integer: word.count)
        output.append(integer: count)
        output += word
        guard output.count > 1 << 20 else { continue }
        try file.append(output)
        output.removeAll(keepingCapacity: true)
      }
      try file.append(output)
      storage = .file(file, directory: directory)
    } catch {
      throw .unwritable(path: directory, reason: error.reason)
    }
  }

  /// Reads the words from the first on.
  func reader() -> Reader {
    Reader(storage: storage)
  }

  /// Gives the words one after the other.
  struct Reader {
    private let storage: Storage
    private var index = 0
    private var window: ArraySlice<UInt8> = []
    private var filePosition = 0

    fileprivate init(storage: Storage) {
      self.storage = storage
    }

    /// The next word; nil at the end.
    mutating func next() throws(VocabularyError) -> (word: [UInt8], count: Int)? {
      switch storage {
      case .memory(let words):
        guard index < words.count else { return nil }
        index += 1
        return words[index - 1]
      case .file(let file, let directory):
        do {
          return try next(of: file)
        } catch {
          throw .unreadable(path: directory, reason: error.reason)
        }
      }
    }

    private mutating func next(
      of file: ScratchFile
    ) throws(FileAccess.Failure) -> (word: [UInt8], count: Int)? {
      try fill(16, from: file)
      guard window.count >= 16 else { return nil }
      let length = window.removeInteger()
      let count = window.removeInteger()
      try fill(length, from: file)
      guard window.count >= length else {
        throw FileAccess.Failure(reason: "a file of counts was cut off")
      }
      defer { window = window.dropFirst(length) }
      return (Array(window.prefix(length)), count)
    }

    /// Reads on until the window holds some bytes, or the file ends.
    private mutating func fill(_ count: Int, from file: ScratchFile) throws(FileAccess.Failure) {
      while window.count < count {
        let bytes = try file.read(at: filePosition, count: max(count, 1 << 16))
        guard !bytes.isEmpty else { return }
        filePosition += bytes.count
        window = Array(window)[...] + bytes
      }
    }
  }
}

/// Runs of counted words as one: each word once, with the sum of its counts.
struct RunMerge {
  private let runs: [CountedRun]

  init(_ runs: [CountedRun]) {
    self.runs = runs
  }

  /// Calls `body` with every word, in the order of their bytes.
  func forEachWord(_ body: ([UInt8], Int) -> Void) throws(VocabularyError) {
    var readers = runs.map { $0.reader() }
    var heads: [(word: [UInt8], count: Int)?] = []
    for index in readers.indices { heads.append(try readers[index].next()) }
    while let word = heads.compactMap({ $0?.word }).min(by: { $0.lexicographicallyPrecedes($1) }) {
      var total = 0
      for index in heads.indices where heads[index]?.word == word {
        total += heads[index]?.count ?? 0
        heads[index] = try readers[index].next()
      }
      body(word, total)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(integer: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: integer >> shift))
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func removeInteger() -> Int {
    let value = prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self = dropFirst(8)
    return Int(truncatingIfNeeded: value)
  }
}
