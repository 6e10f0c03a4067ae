internal import SentiTensor

/// How the weights of many steps are averaged.
enum WeightAveraging: Hashable, Sendable {
  /// The average keeps `decay` of itself at every step; less at first, so that of a short history the
  /// first weights are soon forgotten.
  case exponential(decay: Double)
  /// The plain mean of the weights after the steps from `start` on; until then the last weights.
  case uniform(start: Int)

  /// What the average keeps of itself in a step, counted from 0.
  func kept(step: Int) -> Double {
    switch self {
    case .exponential(let decay): min(decay, Double(step + 1) / Double(step + 10))
    case .uniform(let start): 1 - 1 / Double(max(1, step - start))
    }
  }
}

/// A moving average of weights of which most stand still in most steps.
///
/// A row that a step left alone is only noted: since it did not change, the average over k such steps
/// is `K·average + (1 - K)·weights`, K being the product of what the k steps would have kept. That is
/// made up for right before the row changes, or when somebody asks.
struct WeightAverage<Scalar: MatrixScalar>: Sendable {
  let averaging: WeightAveraging?

  /// How many steps each row's average knows, rows of all parameters counted through; 0 where a row
  /// never changed: its average is the row itself, whatever is stored.
  var stepCounts: [Int32]

  /// The product of what the last k steps kept, for k from 0 on.
  private var products: [Double] = [1]
  private var productStep = 0

  init(_ averaging: WeightAveraging?, layout: ParameterLayout) {
    self.averaging = averaging
    stepCounts = averaging == nil ? [] : [Int32](repeating: 0, count: layout.rowCount)
  }

  /// Splits rows that a step changes into blocks whose averages know equally many steps, and notes
  /// that they will know this step too.
  mutating func blocks(
    _ rows: Range<Int>, of slot: ParameterSlot, settings: Int, step: Int
  ) -> [ArenaBlock] {
    guard averaging != nil else { return ArenaBlock.cut(rows, of: slot, settings: settings) }
    let blocks = runs(of: rows).flatMap { run in
      ArenaBlock.cut(
        run, of: slot, settings: settings, skippedDecay: kept(row: run.lowerBound, until: step))
    }
    for row in rows { stepCounts[row] = Int32(step + 1) }
    return blocks
  }

  /// The average after so many steps, made up for all steps that left rows alone.
  mutating func current(
    _ stored: AlignedArray<Scalar>, _ parameters: Parameters<Scalar>, stepCount: Int
  ) -> Parameters<Scalar>? {
    guard averaging != nil else { return nil }
    var values = stored
    for slot in parameters.layout.slots {
      for run in runs(of: slot.rows) {
        let kept = kept(row: run.lowerBound, until: stepCount)
        if kept == 1 { continue }
        Kernels.best.combine(
          &values, scaledBy: kept, parameters.storage, scaledBy: 1 - kept, in: slot.elements(run))
      }
    }
    return Parameters(layout: parameters.layout, storage: values)
  }

  /// Neighbours whose averages know equally many steps.
  private func runs(of rows: Range<Int>) -> [Range<Int>] {
    var (runs, start) = ([Range<Int>](), rows.lowerBound)
    for row in rows where row + 1 == rows.upperBound || stepCounts[row + 1] != stepCounts[row] {
      runs.append(start..<row + 1)
      start = row + 1
    }
    return runs
  }

  /// What a row's average keeps of itself from the steps that it knows until another one.
  private mutating func kept(row: Int, until step: Int) -> Double {
    let known = Int(stepCounts[row])
    guard known > 0, let averaging else { return 0 }
    if productStep != step { (products, productStep) = ([1], step) }
    while products.count <= step - known {
      let last = products[products.count - 1]
      products.append(last * averaging.kept(step: step - products.count))
    }
    return products[step - known]
  }
}
