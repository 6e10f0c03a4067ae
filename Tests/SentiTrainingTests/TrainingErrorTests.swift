import SentiTraining
import Testing

@Suite("Training error")
struct TrainingErrorTests {
  @Test(arguments: [
    (
      TrainingError.nonFiniteLoss(step: 7),
      "the loss at step 7 is not finite; try a lower learning rate"
    ),
    (
      .nonFiniteParameter(parameter: "output.bias", step: 7),
      "the parameter output.bias is not finite at step 7"
    ),
    (
      .nonFiniteGradient(parameter: "output.bias", step: 7),
      "the gradient of output.bias at step 7 is not finite; try a lower learning rate"
    ),
    (
      .nonFiniteValidation(epoch: 3),
      "the validation loss after epoch 3 is not finite; try a lower learning rate"
    ),
    (.noExamples, "there is no example to train on"),
    (
      .checkpointMismatch(path: "f", what: "kind", expected: "a", found: "b"),
      "f: the checkpoint has another kind: expected a, found b"
    ),
  ])
  func describesItselfInOneSentence(_ error: TrainingError, _ description: String) {
    #expect(error.description == description)
  }
}
