/// One measured figure, as every program here and every peer writes it: a line of JSON.
package struct Figure: Codable, Sendable {
  /// Who was measured.
  package var program: String
  /// What was done.
  package var work: String
  /// The recurrent cell, where there is one.
  package var cell: String?
  /// The number of threads.
  package var threads: Int
  /// The figure.
  package var value: Double
  /// What it counts.
  package var unit: String

  /// States a figure of this package.
  ///
  /// - Parameters:
  ///   - work: What was done.
  ///   - cell: The recurrent cell, where there is one.
  ///   - threads: The number of threads.
  ///   - value: The figure.
  ///   - unit: What it counts.
  package init(_ work: String, cell: String? = nil, threads: Int, value: Double, unit: String) {
    program = "senti"
    self.work = work
    self.cell = cell
    self.threads = threads
    self.value = value
    self.unit = unit
  }
}
