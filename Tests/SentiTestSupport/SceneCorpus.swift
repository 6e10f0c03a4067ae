internal import SentiTensor

/// The program that made `corpora/captions`: scenes as vectors, and a grammar that tells of them.
///
/// A scene has six features. Its vector is the features' codes side by side, each of eight numbers
/// that are 1 or -1, plus noise; its caption is one sentence, in which articles, plurals and verbs
/// agree. Scenes whose colour and thing belong to a held-out pair are in `unseen` only.
///
/// Nothing but integers and sums decides a byte, so that every machine makes the same files.
public struct SceneCorpus {
  /// One scene: an index into each of ``features``.
  public typealias Scene = [Int]

  /// Words of each feature; things and verbs have a second form for more than one.
  static let features: [[[String]]] = [
    [["a"], ["two"], ["three"]],
    [["red"], ["blue"], ["green"], ["white"], ["orange"], ["ash-grey"]],
    [
      ["bird", "birds"], ["fox", "foxes"], ["child", "children"], ["boat", "boats"],
      ["kite", "kites"], ["owl", "owls"], ["goose", "geese"], ["umbrella", "umbrellas"],
      ["mouse", "mice"], ["wolf", "wolves"],
    ],
    [["rests", "rest"], ["waits", "wait"], ["hides", "hide"]],
    [["under"], ["behind"], ["beside"], ["above"], ["in front of"]],
    [
      ["the bridge"], ["the old mill"], ["the stone wall"], ["an apple tree"], ["the lighthouse"],
      ["a tent"], ["the garden gate"], ["an empty well"],
    ],
  ]

  /// The numbers of one feature's code.
  static let codeSize = 8
  /// The numbers of a vector.
  public static let width = features.count * codeSize
  /// How many scenes there are to learn from, and of pairs that are not among those.
  public static let counts = (train: 2_400, unseen: 300)

  private var generator = SeededGenerator(seed: 20_261_124)
  private var codes: [[[Float]]] = []

  /// Draws the features' codes.
  public init() {
    codes = Self.features.map { words in
      var drawn: [[Float]] = []
      while drawn.count < words.count {
        let code = (0..<Self.codeSize).map { _ in Float(generator.next() >> 63) * 2 - 1 }
        // Two codes of a feature differ in two numbers at least, for the noise's sake.
        let isClear = drawn.allSatisfy { zip($0, code).count { $0 != $1 } >= 2 }
        if isClear { drawn.append(code) }
      }
      return drawn
    }
  }

  /// Whether a scene's colour and thing never come together in the scenes to learn from.
  public static func isUnseen(_ scene: Scene) -> Bool {
    (scene[1] * 5 + scene[2] * 3) % 11 == 7
  }

  /// The sentence that tells of a scene.
  public static func caption(of scene: Scene) -> String {
    let isPlural = scene[0] > 0
    let words = zip(features, scene).map { feature, index in
      isPlural ? feature[index].last ?? "" : feature[index].first ?? ""
    }
    let hasVowel = words[1].first.map("aeiou".contains) ?? false
    let article = isPlural ? words[0] : hasVowel ? "an" : "a"
    let sentence = ([article] + words.dropFirst()).joined(separator: " ")
    return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
  }

  /// All files of the corpus by name.
  public mutating func files() -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var known: Set<Scene> = []
    for (name, count) in [("train", Self.counts.train), ("unseen", Self.counts.unseen)] {
      var scenes: [Scene] = []
      while scenes.count < count {
        let scene = Self.features.map { Int(generator.next() % UInt64($0.count)) }
        guard Self.isUnseen(scene) == (name == "unseen"), known.insert(scene).inserted else {
          continue
        }
        scenes.append(scene)
      }
      let names = scenes.indices.map { "\(name)-\($0 + 1)" }
      files["\(name).npy"] = numPyBytes(
        scenes.flatMap { vector(of: $0) }, shape: "(\(count), \(Self.width))", type: "'<f2'")
      files["\(name).names.txt"] = Array(names.map { $0 + "\n" }.joined().utf8)
      let lines = zip(names, scenes).map { "\($0)\t\(Self.caption(of: $1))\n" }
      files["\(name).captions.tsv"] = Array(lines.joined().utf8)
    }
    return files
  }

  private mutating func vector(of scene: Scene) -> [Float] {
    zip(codes, scene).flatMap { codes, index in
      codes[index].map { $0 + Float(Int(generator.next() % 641) - 320) / 1_024 }
    }
  }
}
