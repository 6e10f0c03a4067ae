internal import Foundation
internal import SentiCorpora

/// Batches as JSON Lines: a line is an array of sequences, each an array of token ids from 1.
///
/// The ids are those of a vocabulary. Its 0 is the padding that no text has a word for, so that a
/// reader may pad with 0.
package enum BatchFile {
  /// Writes batches.
  ///
  /// - Parameters:
  ///   - batches: For each batch its sequences of token ids.
  ///   - path: The file; an older one is replaced.
  /// - Throws: A `CorpusError` when the file cannot be written.
  package static func write(_ batches: some Sequence<[[Int32]]>, to path: String) throws {
    let file = try AtomicFile(path, overwrite: true)
    for sequences in batches {
      precondition(sequences.allSatisfy { !$0.contains(0) }, "a sequence holds the padding's id")
      try file.write(Array("\(sequences)\n".utf8))
    }
    try file.commit()
  }

  /// Reads batches.
  ///
  /// - Parameter path: The file.
  /// - Returns: For each batch its sequences of token ids, at least one batch.
  /// - Throws: A ``BatchFileError``, or what is wrong with the file.
  package static func read(_ path: String) throws -> [[[Int32]]] {
    let lines = try TextFile.read(path).split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    let batches = try lines.enumerated().map { index, line in
      guard let sequences = try? decoder.decode([[Int32]].self, from: Data(line)),
        !sequences.isEmpty, sequences.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 > 0 } })
      else { throw BatchFileError(path: path, line: index + 1) }
      return sequences
    }
    guard !batches.isEmpty else { throw BatchFileError(path: path, line: 1) }
    return batches
  }
}

/// A line of a file of batches is not one.
package struct BatchFileError: Error, CustomStringConvertible {
  /// The file.
  package let path: String
  /// The line, counted from 1.
  package let line: Int

  /// One sentence for people.
  package var description: String {
    "\(path):\(line): expected an array of arrays of token ids from 1"
  }
}
