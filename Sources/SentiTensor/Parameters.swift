/// The name, shape and place of one parameter inside a ``Parameters`` arena.
public struct ParameterSlot: Hashable, Sendable {
  /// The name in files, PyTorch's where PyTorch has the layer, such as `encoder.weight_ih_l0`.
  public let name: String

  /// The shape: `[rows, columns]` of a matrix, `[count]` of a vector.
  public let shape: [Int]

  /// Where the parameter's elements are in the arena, row by row.
  public let range: Range<Int>

  /// The parameter's place in the layout's ``ParameterLayout/slots``.
  package let index: Int

  /// The parameter's rows when the rows of all parameters are counted through.
  package let rows: Range<Int>

  /// The number of rows; 1 for a vector.
  public var rowCount: Int { shape.count == 2 ? shape[0] : 1 }

  /// The number of columns; the length of a vector.
  public var columnCount: Int { shape[shape.count - 1] }

  /// Where rows, counted through all parameters, are in the arena.
  package func elements(_ rows: Range<Int>) -> Range<Int> {
    let start = range.lowerBound - self.rows.lowerBound * columnCount
    return start + rows.lowerBound * columnCount..<start + rows.upperBound * columnCount
  }
}

/// The places of all parameters of a model: what is where in a ``Parameters`` arena.
///
/// Layers add what they need when they are created and keep the slots:
///
///     var layout = ParameterLayout()
///     let weights = layout.add("classifier.weight", shape: [2, 512])
public struct ParameterLayout: Hashable, Sendable, CustomStringConvertible {
  /// The parameters in the order in which they were added.
  public private(set) var slots: [ParameterSlot] = []

  /// The number of elements of an arena.
  public var elementCount: Int { slots.last?.range.upperBound ?? 0 }

  /// The number of rows of all parameters; a vector is one row.
  package var rowCount: Int { slots.last?.rows.upperBound ?? 0 }

  /// The names and shapes of all parameters.
  public var description: String {
    slots.map { "\($0.name)\($0.shape)" }.joined(separator: " ")
  }

  /// Creates an empty layout.
  public init() {}

  /// Reserves room for a parameter.
  ///
  /// - Parameters:
  ///   - name: A name that no other parameter of the layout has.
  ///   - shape: One or two sizes.
  /// - Returns: The parameter's place.
  public mutating func add(_ name: String, shape: [Int]) -> ParameterSlot {
    precondition(!slots.contains { $0.name == name }, "parameter \(name) was added before")
    precondition(
      (1...2).contains(shape.count) && shape.allSatisfy { $0 > 0 },
      "parameter \(name) has shape \(shape), expected one or two positive sizes")
    let start = elementCount
    let height = shape.count == 2 ? shape[0] : 1
    let slot = ParameterSlot(
      name: name, shape: shape, range: start..<start + shape.reduce(1, *), index: slots.count,
      rows: rowCount..<rowCount + height)
    slots.append(slot)
    return slot
  }

  /// The parameter with a name, if there is one.
  ///
  /// - Parameter name: A parameter's name.
  /// - Returns: The parameter's place, or nil.
  public func slot(named name: String) -> ParameterSlot? {
    slots.first { $0.name == name }
  }
}

/// All parameters of a model in one contiguous arena, with named views.
///
/// Gradients and optimizer moments use the same type and layout, so that an optimizer step, a
/// gradient norm and a checkpoint are one pass each.
///
/// An arena notes which rows were written since it was last set to zero. A batch of reviews gives a
/// gradient to some thousand word vectors out of many; the others are then never looked at, neither
/// by ``setToZero()`` nor by ``norm`` nor by an optimizer.
public struct Parameters<Scalar: MatrixScalar>: Sendable {
  /// What is where.
  public let layout: ParameterLayout

  /// The elements of all parameters, in the layout's order.
  package private(set) var storage: AlignedArray<Scalar>

  /// The elements of all parameters, in the layout's order.
  ///
  /// - Complexity: O(elements).
  public var values: [Scalar] { storage.elements }

  /// The rows that may hold something else than zero.
  private var written: RowBitset

  /// For each parameter whether writing to it is in vain.
  private var isFrozen: [Bool]

  /// Creates an arena of zeros.
  ///
  /// - Parameter layout: What is where.
  public init(layout: ParameterLayout) {
    self.layout = layout
    storage = AlignedArray(zeros: layout.elementCount)
    written = RowBitset(rowCount: layout.rowCount)
    isFrozen = [Bool](repeating: false, count: layout.slots.count)
  }

  /// Creates an arena from all of its elements.
  ///
  /// - Parameters:
  ///   - layout: What is where.
  ///   - values: The elements of all parameters, in the layout's order.
  public init(layout: ParameterLayout, values: [Scalar]) {
    self.init(layout: layout, storage: AlignedArray(values))
  }

  /// Creates an arena from all of its elements.
  package init(layout: ParameterLayout, storage: AlignedArray<Scalar>) {
    precondition(
      storage.count == layout.elementCount,
      "\(storage.count) elements for a layout of \(layout.elementCount)")
    self.layout = layout
    self.storage = storage
    written = RowBitset(rowCount: layout.rowCount)
    written.insert(0..<layout.rowCount)
    isFrozen = [Bool](repeating: false, count: layout.slots.count)
  }

  /// Creates an arena from the elements of each parameter.
  ///
  /// - Parameters:
  ///   - layout: What is where.
  ///   - elements: Answers the elements of a parameter, as many as its shape has.
  /// - Throws: What `elements` throws.
  public init<Failure>(
    layout: ParameterLayout, elements: (ParameterSlot) throws(Failure) -> [Scalar]
  ) throws(Failure) {
    var storage = AlignedArray<Scalar>(zeros: layout.elementCount)
    for slot in layout.slots {
      let block = try elements(slot)
      precondition(
        block.count == slot.range.count,
        "\(block.count) elements for parameter \(slot.name) of shape \(slot.shape)")
      storage.replace(from: slot.range.lowerBound, with: block)
    }
    self.init(layout: layout, storage: storage)
  }

  /// The elements of one parameter, row by row.
  ///
  /// - Parameter slot: A parameter of this arena's layout.
  /// - Complexity: O(elements).
  public subscript(slot: ParameterSlot) -> [Scalar] {
    get { storage[slot.range] }
    set {
      precondition(
        newValue.count == slot.range.count,
        "\(newValue.count) elements for parameter \(slot.name) of shape \(slot.shape)")
      write(slot) { $0.replace(from: slot.range.lowerBound, with: newValue) }
    }
  }

  /// Adds elements to one parameter.
  ///
  /// - Parameters:
  ///   - elements: As many elements as the parameter has.
  ///   - slot: A parameter of this arena's layout.
  package mutating func add(_ elements: [Scalar], to slot: ParameterSlot) {
    self[slot] = zip(self[slot], elements).map { $0 + $1 }
  }

  /// Lets a closure change elements of a parameter, and notes that they were written.
  ///
  /// - Parameters:
  ///   - slot: The parameter; where it is frozen, nothing is done.
  ///   - rows: The rows that are written, counted from 0; all where nil.
  ///   - body: Changes the arena's elements, and none but the parameter's rows.
  mutating func write(
    _ slot: ParameterSlot, rows: [Int32]? = nil, _ body: (inout AlignedArray<Scalar>) -> Void
  ) {
    guard !isFrozen[slot.index] else { return }
    if let rows {
      for row in rows { written.insert(slot.rows.lowerBound + Int(row)) }
    } else {
      written.insert(slot.rows)
    }
    body(&storage)
  }

  /// Sets every element to zero.
  ///
  /// - Complexity: O(elements written since the last time).
  public mutating func setToZero() {
    for block in writtenBlocks { Kernels<Scalar>.setToZero(&storage, block.range) }
    written.removeAll()
  }

  /// Sets every element to zero, and from then on takes nothing for some of the parameters: their
  /// gradients are not summed up, where that is a pass of its own.
  ///
  /// - Parameter isFrozen: For each parameter of the layout whether it is left out.
  package mutating func setToZero(freezing isFrozen: [Bool]) {
    precondition(
      isFrozen.count == layout.slots.count,
      "\(isFrozen.count) decisions for \(layout.slots.count) parameters")
    setToZero()
    self.isFrozen = isFrozen
  }

  /// The rows of a parameter that were written, counted through all parameters; neighbours together.
  package func touchedRows(of slot: ParameterSlot) -> [Range<Int>] { written.runs(in: slot.rows) }

  /// Whether nothing is taken for a parameter, by ``setToZero(freezing:)``.
  package func isFrozen(_ slot: ParameterSlot) -> Bool { isFrozen[slot.index] }

  private var writtenBlocks: [ArenaBlock] {
    layout.slots.flatMap { slot in
      touchedRows(of: slot).flatMap { ArenaBlock.cut($0, of: slot) }
    }
  }

  /// Adds what was written to another arena, by several threads.
  package mutating func add(_ other: Parameters, threadCount: Int = 1) {
    precondition(layout == other.layout, "arena of \(other.layout) added to one of \(layout)")
    Kernels.best.add(
      other.storage, to: &storage, in: other.writtenBlocks, threadCount: threadCount)
    written.formUnion(other.written)
  }

  /// One pass of an optimizer over some blocks, by several threads.
  package mutating func update(
    _ gradients: Parameters, _ arenas: inout UpdateArenas<Scalar>, _ update: ArenaUpdate,
    threadCount: Int = 1
  ) {
    Kernels.best.update(
      &storage, gradients: gradients.storage, &arenas, update, threadCount: threadCount)
  }

  /// The Euclidean norm of all elements together; not finite where an element is not.
  ///
  /// - Complexity: O(elements written).
  public var norm: Double { norm(threadCount: 1) }

  /// The norm, computed by several threads; the same bits at any number of them.
  package func norm(threadCount: Int) -> Double {
    Kernels.best.sumOfSquares(storage, in: writtenBlocks, threadCount: threadCount).squareRoot()
  }

  /// The name of the first parameter that holds an element that is not finite, if any does.
  ///
  /// - Complexity: O(elements).
  public var firstNonFiniteName: String? {
    let kernels = Kernels<Scalar>.best
    return layout.slots.first { !kernels.sumOfSquares(storage, $0.range).isFinite }?.name
  }
}

extension ArenaBlock {
  /// Cuts a range of rows into blocks of at most ``size`` elements, but whole rows.
  package static func cut(
    _ rows: Range<Int>, of slot: ParameterSlot, settings: Int = 0, skippedDecay: Double = 1
  ) -> [ArenaBlock] {
    let height = max(1, size / slot.columnCount)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: height).map { row in
      let end = min(rows.upperBound, row + height)
      return ArenaBlock(
        range: slot.elements(row..<end), settings: settings, skippedDecay: skippedDecay)
    }
  }
}
