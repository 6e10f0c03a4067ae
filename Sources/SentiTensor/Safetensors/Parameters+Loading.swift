extension Parameters where Scalar == Float {
  /// Loads a sub-tree of parameters from another model's file.
  ///
  /// Every parameter whose name begins with `target` takes the tensor of the same name with `source`
  /// in its place, so that a part can come to stand elsewhere:
  ///
  ///     try parameters.load(from: archive, "language_model.rnn.", into: "encoder.")
  ///
  /// - Parameters:
  ///   - archive: The other model's file; its numbers may be stored in any type.
  ///   - source: What the tensors' names begin with.
  ///   - target: What the parameters' names begin with; the same where nil.
  /// - Returns: The parameters that were loaded, at least one.
  /// - Throws: `ArchiveError.missingTensor` or `.unexpectedTensor`, which names both, where a tensor
  ///   is missing or of another shape; nothing is loaded then.
  public mutating func load(
    from archive: SafetensorsArchive, _ source: String, into target: String? = nil
  ) throws(ArchiveError) -> [ParameterSlot] {
    let target = target ?? source
    let slots = layout.slots.filter { $0.name.hasPrefix(target) }
    var loaded: [[Float]] = []
    for slot in slots {
      let name = source + slot.name.dropFirst(target.count)
      let found = try archive.tensor(named: name).shape
      guard found == slot.shape else {
        throw .unexpectedTensor(
          path: archive.path, tensor: name,
          expected: "shape \(slot.shape), which '\(slot.name)' has", found: "\(found)")
      }
      loaded.append(
        try archive.parameter(
          ParameterSlot(
            name: name, shape: slot.shape, range: slot.range, index: slot.index, rows: slot.rows)))
    }
    guard !slots.isEmpty else {
      throw .unexpectedTensor(
        path: archive.path, tensor: source, expected: "parameters that begin with '\(target)'",
        found: "none")
    }
    for (slot, values) in zip(slots, loaded) { self[slot] = values }
    return slots
  }

  /// Overwrites some rows of a matrix.
  ///
  /// - Parameters:
  ///   - slot: The matrix.
  ///   - rows: The rows, counted from 0, each with as many elements as there are columns.
  public mutating func replaceRows(of slot: ParameterSlot, with rows: [(row: Int, values: [Float])])
  {
    precondition(
      rows.allSatisfy {
        $0.row >= 0 && $0.row < slot.rowCount && $0.values.count == slot.columnCount
      },
      "rows \(rows.map(\.row)) of \(rows.map(\.values.count)) elements for parameter \(slot.name) "
        + "of shape \(slot.shape)")
    write(slot) { elements in
      for (row, values) in rows {
        elements.replace(from: slot.range.lowerBound + row * slot.columnCount, with: values)
      }
    }
  }
}
