internal import ArgumentParser

/// What is done to be measured; the peers use the same names.
enum Work: String, CaseIterable, ExpressibleByArgument {
  /// A layer on a dense batch of 64 sequences of 256 steps.
  case inferenceFixed = "inference-fixed"
  /// The same layer with weights and states rounded to 8-bit integers.
  case inferenceInteger8 = "inference-int8"
  /// The same layer with weights and states rounded to bfloat16 numbers.
  case inferenceBfloat16 = "inference-bf16"
  /// Word vectors and a layer on batches of review lengths and words.
  case inferenceReviews = "inference-reviews"
  /// The same on batches of as many words whose sequences are of one length.
  case inferenceLevel = "inference-level"
  /// Word vectors and a layer on one review alone.
  case inferenceOne = "inference-one"
  /// Forward, backward and Adam of a layer on a dense batch of 64 sequences of 256 steps.
  case trainingFixed = "training-fixed"
  /// Forward, backward and Adam of a classifier on batches of review lengths and words.
  case trainingReviews = "training-reviews"
  /// The same on batches of as many words whose sequences are of one length.
  case trainingLevel = "training-level"
  /// The memory that training on the batch with the most padding adds to the process.
  case trainingMemory = "training-memory"
  /// The accuracy of the bundled classifier on labelled reviews, in float32 and in 8-bit integers.
  case accuracy
  /// Fused multiply-adds on registers.
  case peak

  /// The file of batches that the work reads, if it reads one.
  var fileName: String? {
    switch self {
    case .inferenceReviews, .trainingReviews, .trainingMemory: "reviews.jsonl"
    case .inferenceLevel, .trainingLevel: "level.jsonl"
    case .inferenceOne: "one.jsonl"
    case .inferenceFixed, .inferenceInteger8, .inferenceBfloat16, .trainingFixed: nil
    case .accuracy, .peak: nil
    }
  }
}
