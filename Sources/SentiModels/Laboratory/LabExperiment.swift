/// The experiments of the laboratory: each shows one idea of recurrent nets in under a minute.
package enum LabExperiment: String, CaseIterable, Sendable {
  case neuron
  case gradientFlow = "gradient-flow"
  case truncated, padding, eos, adding, copy, fade, gates, speedups, shapes

  /// The idea, as one sentence.
  package var idea: String {
    switch self {
    case .neuron:
      "One recurrent neuron computes y(t) = tanh(Wx·x(t) + Wy·y(t-1) + b): by hand as by the engine."
    case .gradientFlow:
      "How much of the gradient of the last step reaches the steps before it, by cell and initialization."
    case .truncated:
      "Truncated backpropagation cannot learn what lies further back than its window."
    case .padding:
      "Packing computes the same outputs as zero padding with a mask, without work for padding."
    case .eos:
      "What a decoder writes after its end token was never trained, and is ignored."
    case .adding: "The adding problem: two marked numbers of a long sequence are to be added."
    case .copy: "The copy problem: symbols are to be written again after a long wait."
    case .fade: "How much of its first words a net still knows at the end of a text."
    case .gates: "What the gates of a gated recurrent unit do at each step."
    case .speedups:
      "Which tricks make a deep recurrent net learn in fewer steps, alone and together."
    case .shapes: "The four shapes of a recurrent net, each on a toy problem."
    }
  }

  /// Runs the experiment.
  ///
  /// - Parameter settings: The seed and the size.
  /// - Returns: Its tables and charts.
  package func run(_ settings: LabSettings) -> LabReport {
    switch self {
    case .neuron: NeuronExperiment(settings).report
    case .gradientFlow: GradientFlowExperiment(settings).report
    case .truncated: TruncationExperiment(settings).report
    case .padding: PaddingExperiment(settings).report
    case .eos: EndTokenExperiment(settings).report
    case .adding: MemoryExperiment(.adding, settings).report
    case .copy: MemoryExperiment(.copy, settings).report
    case .fade: FadeExperiment(settings).report
    case .gates: GatesExperiment(settings).report
    case .speedups: SpeedupExperiment(settings).report
    case .shapes: ShapesExperiment(settings).report
    }
  }
}
