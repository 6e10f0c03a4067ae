/// The name, shape and place of one parameter inside a ``Parameters`` arena.
public struct ParameterSlot: Hashable, Sendable {
  /// The name in files, PyTorch's where PyTorch has the layer, such as `encoder.weight_ih_l0`.
  public let name: String

  /// The shape: `[rows, columns]` of a matrix, `[count]` of a vector.
  public let shape: [Int]

  /// Where the parameter's elements are in the arena, row by row.
  public let range: Range<Int>

  /// The number of rows; 1 for a vector.
  public var rowCount: Int { shape.count == 2 ? shape[0] : 1 }

  /// The number of columns; the length of a vector.
  public var columnCount: Int { shape[shape.count - 1] }
}

/// The places of all parameters of a model: what is where in a ``Parameters`` arena.
///
/// Layers add what they need when they are created and keep the slots:
///
///     var layout = ParameterLayout()
///     let weights = layout.add("classifier.weight", shape: [2, 512])
public struct ParameterLayout: Hashable, Sendable {
  /// The parameters in the order in which they were added.
  public private(set) var slots: [ParameterSlot] = []

  /// The number of elements of an arena.
  public var elementCount: Int { slots.last?.range.upperBound ?? 0 }

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
    let slot = ParameterSlot(name: name, shape: shape, range: start..<start + shape.reduce(1, *))
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
public struct Parameters<Scalar: MatrixScalar>: Sendable {
  /// What is where.
  public let layout: ParameterLayout

  /// The elements of all parameters, in the layout's order.
  public internal(set) var values: [Scalar]

  /// Creates an arena of zeros.
  ///
  /// - Parameter layout: What is where.
  public init(layout: ParameterLayout) {
    self.layout = layout
    values = Kernels<Scalar>.zeros(count: layout.elementCount)
  }

  /// Creates an arena from all of its elements.
  ///
  /// - Parameters:
  ///   - layout: What is where.
  ///   - values: The elements of all parameters, in the layout's order.
  public init(layout: ParameterLayout, values: [Scalar]) {
    precondition(
      values.count == layout.elementCount,
      "\(values.count) elements for a layout of \(layout.elementCount)")
    self.layout = layout
    self.values = values
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
    self.layout = layout
    values = []
    values.reserveCapacity(layout.elementCount)
    for slot in layout.slots {
      let block = try elements(slot)
      precondition(
        block.count == slot.range.count,
        "\(block.count) elements for parameter \(slot.name) of shape \(slot.shape)")
      values.append(contentsOf: block)
    }
  }

  /// The elements of one parameter, row by row.
  ///
  /// - Parameter slot: A parameter of this arena's layout.
  /// - Complexity: O(elements).
  public subscript(slot: ParameterSlot) -> [Scalar] {
    get { Array(values[slot.range]) }
    set {
      precondition(
        newValue.count == slot.range.count,
        "\(newValue.count) elements for parameter \(slot.name) of shape \(slot.shape)")
      values.replaceSubrange(slot.range, with: newValue)
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

  /// Sets every element to zero.
  public mutating func setToZero() {
    Kernels<Scalar>.setToZero(&values, 0..<values.count)
  }

  /// `self = self * scale + other * otherScale`, in one pass.
  package mutating func combine(
    _ kernels: Kernels<Scalar> = .best, scaledBy scale: Double, _ other: Parameters,
    scaledBy otherScale: Double
  ) {
    kernels.combine(
      &values, scaledBy: scale, other.values, scaledBy: otherScale, in: 0..<values.count)
  }

  /// One step of Adam on all parameters.
  package mutating func adam(
    _ gradients: Parameters, _ firstMoments: inout Parameters, _ secondMoments: inout Parameters,
    _ pass: AdamPass
  ) {
    Kernels.best.adam(
      &values, gradients: gradients.values, firstMoments: &firstMoments.values,
      secondMoments: &secondMoments.values, in: 0..<values.count, pass)
  }

  /// The Euclidean norm of all elements together; not finite where an element is not.
  ///
  /// - Complexity: O(elements).
  public var norm: Double {
    Kernels.best.sumOfSquares(values, 0..<values.count).squareRoot()
  }

  /// The name of the first parameter that holds an element that is not finite, if any does.
  ///
  /// - Complexity: O(elements).
  public var firstNonFiniteName: String? {
    let kernels = Kernels<Scalar>.best
    return layout.slots.first { !kernels.sumOfSquares(values, $0.range).isFinite }?.name
  }
}
