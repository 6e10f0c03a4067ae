/// What a forward pass is for.
public enum PassMode: Hashable, Sendable {
  /// For a backward pass, which reads its activations; batch normalization takes the batch's statistics.
  case training
  /// For a backward pass by chords between the first sequence and each other,
  /// ``RecurrentStack/chordProducts(_:over:weights:workspace:)``, which reads the gates' sums; batch
  /// normalization takes its running statistics.
  case chords
  /// For its result alone.
  case inference
}
