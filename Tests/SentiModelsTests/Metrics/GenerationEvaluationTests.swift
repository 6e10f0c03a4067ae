import SentiModels
import Testing

@Suite("Generation evaluation")
struct GenerationEvaluationTests {
  @Test func everyFigureIsItsMetrics() {
    let texts = [
      ("The dog runs, fast.", ["The dog runs.", "A dog runs, fast!"]),
      ("Cats sleep.", ["Cats sleep."]),
    ]
    var evaluation = GenerationEvaluation(isLowercased: true)
    var bleu = BLEU(isLowercased: true)
    var (chrF, rouge, cider) = (ChrF(isLowercased: true), RougeL(), CIDEr())
    for (text, references) in texts {
      evaluation.add(text, references: references)
      bleu.add(text, references: references)
      chrF.add(text, references: references)
    }
    // Without marks and capitals.
    let words = [
      (["the", "dog", "runs", "fast"], [["the", "dog", "runs"], ["a", "dog", "runs", "fast"]]),
      (["cats", "sleep"], [["cats", "sleep"]]),
    ]
    for (text, references) in words {
      rouge.add(text, references: references)
      cider.add(text, references: references)
    }
    let figures = Dictionary(uniqueKeysWithValues: evaluation.figures.map { ($0.name, $0.value) })
    #expect(figures["BLEU-1"] == bleu.score(order: 1))
    #expect(figures["BLEU-4"] == bleu.score())
    #expect(figures["brevity penalty"] == 1)
    #expect(figures["chrF"] == chrF.score)
    #expect(figures["ROUGE-L"] == 100 * rouge.score)
    #expect(figures["CIDEr-D"] == 100 * cider.score)
    #expect(figures["exact"] == 50)
    #expect(evaluation.exactCount == 1)
    #expect(evaluation.textCount == 2)
  }

  @Test func theTableIsForPeople() {
    var evaluation = GenerationEvaluation(tokenization: .none)
    evaluation.add("a b c d", references: ["a b c d"])
    #expect(
      evaluation.table() == """
        texts                 1
        BLEU-1           100.00
        BLEU-2           100.00
        BLEU-3           100.00
        BLEU-4           100.00
        brevity penalty    1.00
        chrF             100.00
        ROUGE-L          100.00
        CIDEr-D            0.00
        exact            100.00

        nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:senti

        """)
  }

  @Test func noTextsGiveZeros() {
    #expect(
      GenerationEvaluation().figures.allSatisfy { $0.value == 0 || $0.name == "brevity penalty" })
  }
}
