import SentiModels
import SentiTensor

extension TrainingRun {
  /// Trains a net that writes, judges its best epoch as it will be stored, and writes the model.
  func makeModel(
    _ texts: [GenerationText], validation: [GenerationText], options: GenerationTrainingOptions,
    output: String
  ) throws {
    let card = try cardTexts()
    var training = try GenerationTraining(texts, validation: validation, options: options)
    note(
      "\(Columns.grouped(texts.count)) sources with "
        + "\(Columns.grouped(texts.reduce(0) { $0 + $1.targets.count })) texts to learn from, "
        + "\(Columns.grouped(validation.count)) held out, "
        + "\(Columns.grouped(training.targetCodec.vocabularySize)) tokens, "
        + "\(Columns.grouped(training.network.layout.elementCount)) parameters")
    let seconds = try finish(&training)
    var model = training.model()
    model.card = card
    model.card.record(training, seconds: seconds)
    recordCommand(in: &model.card)
    var search = model.kind.searchOptions
    for beamSize in [1, 5] {
      search.beamSize = beamSize
      guard let bleu = training.bleu(model, by: search) else { break }
      model.card.figures["validation_bleu_beam_\(beamSize)"] = bleu.score()
      noteResult(
        "beam \(beamSize): BLEU-1 \(Columns.fixed(bleu.score(order: 1), digits: 2)), "
          + "BLEU-4 \(Columns.fixed(bleu.score(), digits: 2)) (\(bleu.signature))")
    }
    try model.write(to: output, overwriting: force)
    noteResult("\(output): written")
  }
}
