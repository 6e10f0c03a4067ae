import Testing

/// The help text that a verb must print, word for word; each stands in a file of its own.
struct Help: CustomTestStringConvertible {
  let verb: [String]
  let text: String

  var testDescription: String { verb.joined(separator: " ") }

  static let all = [
    Help(verb: [], text: senti),
    Help(verb: ["classify"], text: classify),
    Help(verb: ["score"], text: score),
    Help(verb: ["verify"], text: verify),
    Help(verb: ["train"], text: train),
    Help(verb: ["train", "sentiment"], text: trainSentiment),
    Help(verb: ["train", "language-model"], text: trainLanguageModel),
    Help(verb: ["caption"], text: caption),
    Help(verb: ["translate"], text: translate),
    Help(verb: ["train", "captioner"], text: trainCaptioner),
    Help(verb: ["train", "translator"], text: trainTranslator),
    Help(verb: ["evaluate"], text: evaluate),
    Help(verb: ["compare"], text: compare),
    Help(verb: ["evaluate", "sentiment"], text: evaluateSentiment),
    Help(verb: ["evaluate", "captioner"], text: evaluateCaptioner),
    Help(verb: ["evaluate", "translator"], text: evaluateTranslator),
    Help(verb: ["tokenize"], text: tokenize),
    Help(verb: ["vocab"], text: vocab),
    Help(verb: ["vocab", "build"], text: vocabBuild),
    Help(verb: ["vocab", "inspect"], text: vocabInspect),
    Help(verb: ["vocab", "coverage"], text: vocabCoverage),
    Help(verb: ["vocab", "convert"], text: vocabConvert),
    Help(verb: ["model"], text: model),
    Help(verb: ["model", "inspect"], text: modelInspect),
    Help(verb: ["model", "quantize"], text: modelQuantize),
    Help(verb: ["model", "export"], text: modelExport),
  ]
}
