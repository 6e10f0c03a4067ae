import SentiTensor

/// Sequences of bits, one of them marked, by which a net is asked at the end.
struct MarkedBits {
  /// The number of bits.
  let length: Int
  /// The place of the marked one; nil: anywhere.
  var place: Int?

  /// Sequences of 1 and -1 with a mark beside one of them, `[length, 2]`; their class is the marked bit.
  func batch(of count: Int, using generator: inout SeededGenerator) -> LabBatch {
    var (inputs, classes) = ([Matrix<Float>](), [[Int?]]())
    for _ in 0..<count {
      let place = place ?? generator.number(below: length)
      let bits = (0..<length).map { _ in generator.sign() }
      inputs.append(Self.input(bits, marked: place))
      classes.append([bits[place] > 0 ? 1 : 0])
    }
    return LabBatch(inputs: inputs, targets: .classes(classes))
  }

  /// Bits with a mark beside one of them.
  static func input(_ bits: [Double], marked place: Int) -> Matrix<Float> {
    let rows = bits.enumerated().map { [Float($1), $0 == place ? 1 : 0] }
    return Matrix(rowCount: bits.count, columnCount: 2, elements: rows.flatMap(\.self))
  }
}
