internal import FoundationEssentials

extension BytePairEncoding {
  /// Reads a file in the format of Hugging Face's `tokenizer.json`.
  ///
  /// - Throws: `SubwordError`, with the path; `ICUError.failure` when ICU's data is missing.
  public init(contentsOf path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try FileAccess.read(path)
    } catch {
      throw SubwordError.unreadable(path: path, reason: error.reason)
    }
    try self.init(tokenizerJSON: bytes, path: path)
  }

  /// Reads the bytes of a `tokenizer.json`: a byte-level BPE model.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes.
  ///   - path: The name that errors give.
  /// - Throws: `SubwordError`, with the path; `ICUError.failure` when ICU's data is missing.
  public init(tokenizerJSON bytes: [UInt8], path: String) throws {
    let file: TokenizerFile
    do {
      file = try JSONDecoder().decode(TokenizerFile.self, from: Data(bytes))
    } catch {
      throw SubwordError.malformed(path: path, reason: TokenizerFile.reason(of: error))
    }
    let form = try file.form(path)
    let (tokens, specialIDs) = try file.tokens(path)
    let merges = try file.mergeTable(tokens, specialIDs, path)
    guard
      let encoding = try BytePairEncoding(
        form: form, tokens: tokens, specialIDs: specialIDs, merges: merges)
    else { throw SubwordError.unsupported(path: path, feature: "an alphabet without all bytes") }
    self = encoding
  }

  /// The encoding as a `tokenizer.json`, which Hugging Face's `tokenizers` load.
  public func tokenizerJSON() -> [UInt8] {
    let ids = tokens.indices
    let added = ids.filter { specialIDs.contains(UInt32($0)) }.map { id in
      """
      {"id":\(id),"content":\(name(id)),"single_word":false,"lstrip":false,"rstrip":false,\
      "normalized":false,"special":true}
      """
    }
    let pairs = merges.pairs.map { "[\(name(Int($0.left))),\(name(Int($0.right)))]" }
    let normalizer = form == .none ? "null" : "{\"type\":\"\(form.rawValue.uppercased())\"}"
    let text = """
      {"version":"1.0","truncation":null,"padding":null,
      "added_tokens":[\(added.joined(separator: ",\n"))],
      "normalizer":\(normalizer),
      "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,\
      "use_regex":true},
      "post_processor":null,
      "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,\
      "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
      "vocab":{\(ids.map { "\(name($0)):\($0)" }.joined(separator: ",\n"))},
      "merges":[\(pairs.joined(separator: ",\n"))]}}

      """
    return Array(text.utf8)
  }

  /// A token's name in the file, quoted.
  private func name(_ id: Int) -> String {
    let text =
      specialIDs.contains(UInt32(id))
      ? String(decoding: tokens[id], as: UTF8.self) : ByteAlphabet.text(of: tokens[id])
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

/// The parts of a `tokenizer.json` that matter here.
private struct TokenizerFile: Decodable {
  struct Part: Decodable {
    let type: String
    let addPrefixSpace: Bool?
    let usesPattern: Bool?

    enum CodingKeys: String, CodingKey {
      case type
      case addPrefixSpace = "add_prefix_space"
      case usesPattern = "use_regex"
    }
  }

  struct AddedToken: Decodable {
    let id: Int
    let content: String
  }

  struct Model: Decodable {
    let type: String?
    let byteFallback: Bool?
    let ignoresMerges: Bool?
    let prefix: String?
    let suffix: String?
    let vocabulary: [String: Int]
    let merges: [Pair]

    enum CodingKeys: String, CodingKey {
      case type, merges
      case byteFallback = "byte_fallback"
      case ignoresMerges = "ignore_merges"
      case prefix = "continuing_subword_prefix"
      case suffix = "end_of_word_suffix"
      case vocabulary = "vocab"
    }
  }

  /// Two names: an array of them, or in older files a string with a space between.
  struct Pair: Decodable {
    let left: String
    let right: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let names =
        if let text = try? container.decode(String.self) {
          text.split(separator: " ").map(String.init)
        } else {
          try container.decode([String].self)
        }
      guard names.count == 2 else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a merge of \(names.count) tokens")
      }
      (left, right) = (names[0], names[1])
    }
  }

  let addedTokens: [AddedToken]?
  let normalizer: Part?
  let splitter: Part?
  let model: Model

  enum CodingKeys: String, CodingKey {
    case normalizer, model
    case addedTokens = "added_tokens"
    case splitter = "pre_tokenizer"
  }

  /// What a decoding error says, without the types of this library.
  static func reason(of error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has an unexpected type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty: context.debugDescription
    default: "no JSON"
    }
  }

  // MARK: Checked parts

  func form(_ path: String) throws(SubwordError) -> Normalization.Form {
    guard model.type ?? "BPE" == "BPE" else {
      throw .unsupported(path: path, feature: "a model of type '\(model.type ?? "")'")
    }
    guard model.byteFallback != true, model.ignoresMerges != true,
      model.prefix ?? "" == "", model.suffix ?? "" == ""
    else {
      throw .unsupported(
        path: path, feature: "byte_fallback, ignore_merges, subword prefixes or suffixes")
    }
    guard let splitter, splitter.type == "ByteLevel", splitter.addPrefixSpace != true,
      splitter.usesPattern ?? true
    else {
      throw .unsupported(
        path: path, feature: "a pre-tokenizer other than ByteLevel without a prefix space")
    }
    guard let normalizer else { return .none }
    guard let form = Normalization.Form(rawValue: normalizer.type.lowercased()), form != .none
    else { throw .unsupported(path: path, feature: "the normalizer '\(normalizer.type)'") }
    return form
  }

  func tokens(_ path: String) throws(SubwordError) -> ([[UInt8]], special: Set<UInt32>) {
    let added = addedTokens ?? []
    let names = model.vocabulary.merging(added.map { ($0.content, $0.id) }) { $1 }
    let special = Set(added.map { $0.content })
    var tokens = [[UInt8]](repeating: [], count: names.count)
    for (name, id) in names {
      guard tokens.indices.contains(id), tokens[id].isEmpty else {
        throw .malformed(path: path, reason: "the ids of \(tokens.count) tokens have gaps")
      }
      guard let bytes = special.contains(name) ? Array(name.utf8) : ByteAlphabet.bytes(of: name),
        !bytes.isEmpty
      else { throw .malformed(path: path, reason: "a token outside of the byte alphabet") }
      tokens[id] = bytes
    }
    return (tokens, Set(added.map { UInt32($0.id) }))
  }

  func mergeTable(
    _ tokens: [[UInt8]], _ special: Set<UInt32>, _ path: String
  ) throws(SubwordError) -> MergeTable {
    var table = MergeTable(capacity: model.merges.count + 1)
    for merge in model.merges {
      guard let left = model.vocabulary[merge.left], let right = model.vocabulary[merge.right],
        let result = model.vocabulary[merge.left + merge.right]
      else {
        throw .malformed(
          path: path, reason: "the vocabulary lacks a token of merge \(table.pairs.count + 1)")
      }
      guard table.append(UInt32(left), UInt32(right), result: UInt32(result)) else {
        throw .malformed(path: path, reason: "merge \(table.pairs.count + 1) stands there twice")
      }
    }
    return table
  }
}
