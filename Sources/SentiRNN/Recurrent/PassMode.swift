/// What a forward pass is for.
public enum PassMode: Hashable, Sendable {
  /// For a backward pass, which reads its activations; batch normalization takes the batch's statistics.
  case training
  /// For its result alone.
  case inference
}
