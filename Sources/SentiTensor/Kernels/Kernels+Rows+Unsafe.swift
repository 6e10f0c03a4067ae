internal import CSentiKernels

extension Kernels {
  /// Copies rows: `target[i] = source[rows[i]]`, where the source begins at an element of an arena.
  package static func gather(
    _ rows: [Int32], of source: AlignedArray<Scalar>, from start: Int = 0,
    into target: inout Matrix<Scalar>, at targetRow: Int = 0, threadCount: Int = 1
  ) {
    let width = target.columnCount
    check(targetRow..<targetRow + rows.count, in: target.rowCount)
    checkRows(rows, width, within: source.count - start)
    let shared = unsafe Shared((target.storage.mutableAddress(), source.address))
    inPieces(rows.count, of: rowsOfPiece, threadCount: threadCount) { piece in
      let (to, from) = unsafe shared.pointers
      for index in piece {
        unsafe (to + (targetRow + index) * width).update(
          from: from + start + Int(rows[index]) * width, count: width)
      }
    }
  }

  /// Adds rows: `target[rows[i]] += source[i]`, first row first; threads share the columns.
  package func scatterAdd(
    _ source: Matrix<Scalar>, to rows: [Int32], of target: inout Matrix<Scalar>,
    threadCount: Int = 1
  ) {
    precondition(
      target.columnCount == source.columnCount,
      "\(source.columnCount) columns beside \(target.columnCount)")
    scatterAdd(
      source, to: rows, of: &target.storage, in: 0..<target.elementCount, threadCount: threadCount)
  }

  /// Adds rows to a parameter's gradient: `target[rows[i]] += source[i]`, first row first; threads
  /// share the columns.
  package func scatterAdd(
    _ source: Matrix<Scalar>, to rows: [Int32], of target: inout Parameters<Scalar>,
    _ slot: ParameterSlot, threadCount: Int = 1
  ) {
    precondition(
      slot.columnCount == source.columnCount,
      "\(source.columnCount) columns beside \(slot.name) of shape \(slot.shape)")
    target.write(slot, rows: rows) {
      scatterAdd(source, to: rows, of: &$0, in: slot.range, threadCount: threadCount)
    }
  }

  private func scatterAdd(
    _ source: Matrix<Scalar>, to rows: [Int32], of target: inout AlignedArray<Scalar>,
    in range: Range<Int>, threadCount: Int
  ) {
    let width = source.columnCount
    precondition(rows.count == source.rowCount, "\(rows.count) places for \(source.rowCount) rows")
    Self.check(range, in: target.count)
    Self.checkRows(rows, width, within: range.count)
    let shared = unsafe Shared(
      (target.mutableAddress() + range.lowerBound, source.storage.address))
    Self.inPieces(width, of: nil, threadCount: threadCount) { piece in
      let (to, from) = unsafe shared.pointers
      for (index, row) in rows.enumerated() {
        unsafe functions.combine(
          to + Int(row) * width + piece.lowerBound, 1, from + index * width + piece.lowerBound, 1,
          piece.count)
      }
    }
  }

  /// Adds rows, or copies those that are the first of their target:
  /// `target[rows[i] - first] += source[i]`, where the target has such a row.
  ///
  /// - Parameters:
  ///   - source: The rows, `[M, N]`.
  ///   - rows: Where each of them belongs, `[M]`.
  ///   - first: What the target's first row stands for.
  ///   - target: The sums, `[T, N]`.
  ///   - isBegun: For each sum whether it has a row already, `[T]`.
  package func addOrCopyRows(
    of source: Matrix<Scalar>, to rows: ArraySlice<Int32>, from first: Int,
    of target: inout Matrix<Scalar>, isBegun: inout [Bool]
  ) {
    let width = source.columnCount
    precondition(
      rows.count == source.rowCount && target.columnCount == width
        && isBegun.count == target.rowCount,
      "\(rows.count) places for [\(source.rowCount), \(width)] in "
        + "[\(target.rowCount), \(target.columnCount)], \(isBegun.count) of which are marked")
    let (to, from) = unsafe (target.storage.mutableAddress(), source.storage.address)
    for (index, row) in rows.enumerated() where isBegun.indices.contains(Int(row) - first) {
      let row = Int(row) - first
      if isBegun[row] {
        unsafe functions.combine(to + row * width, 1, from + index * width, 1, width)
      } else {
        unsafe (to + row * width).update(from: from + index * width, count: width)
        isBegun[row] = true
      }
    }
  }

  /// Copies the rows of a block: `target[row + rows[i], column...] = source[i]`.
  ///
  /// - Parameters:
  ///   - source: The block.
  ///   - target: Receives the elements.
  ///   - position: The first row and column written; the first column where it has none.
  ///   - rows: For each row of the block, the row written, counted from the first; row i where nil.
  package static func copyColumns(
    of source: MatrixBlock<Scalar>, into target: inout Matrix<Scalar>,
    at position: MatrixPosition = MatrixPosition(), rows: [Int32]? = nil
  ) {
    let (width, stride, count) = (source.columns.count, target.columnCount, source.rows.count)
    let column = position.column ?? 0
    Self.check(column..<column + width, in: stride)
    if let rows {
      check(rows.prefix(count), in: target.rowCount - position.row)
    } else {
      check(position.row..<position.row + count, in: target.rowCount)
    }
    let (to, from) = unsafe (
      target.storage.mutableAddress(), source.matrix.storage.address + source.start
    )
    for index in 0..<count {
      let row = position.row + (rows.map { Int($0[index]) } ?? index)
      unsafe (to + row * stride + column).update(from: from + index * source.stride, count: width)
    }
  }

  /// Adds a block of columns: `target[first + i] += source[rows[i], column...]`, rows nil: row i.
  package func addColumns(
    of source: Matrix<Scalar>, column: Int, rows: [Int32]?, to target: inout Matrix<Scalar>,
    rows targetRows: Range<Int>
  ) {
    let (width, stride) = (target.columnCount, source.columnCount)
    Self.check(targetRows, in: target.rowCount)
    Self.check(column..<column + width, in: stride)
    if let rows {
      Self.check(rows.prefix(targetRows.count), in: source.rowCount)
    } else {
      Self.check(0..<targetRows.count, in: source.rowCount)
    }
    let (to, from) = unsafe (target.storage.mutableAddress(), source.storage.address)
    for index in 0..<targetRows.count {
      let row = rows.map { Int($0[index]) } ?? index
      unsafe functions.combine(
        to + (targetRows.lowerBound + index) * width, 1, from + row * stride + column, 1, width)
    }
  }

  /// Takes the elementwise maximum of two blocks of rows; remembers where the source was greater.
  package func maximum(
    _ best: inout Matrix<Scalar>, at bestRow: Int = 0, places: inout [Int32],
    of source: Matrix<Scalar>, rows: Range<Int>
  ) {
    let width = best.columnCount
    precondition(source.columnCount == width, "\(source.columnCount) columns beside \(width)")
    Self.check(rows, in: source.rowCount)
    Self.check(bestRow..<bestRow + rows.count, in: best.rowCount)
    Self.check((bestRow + rows.count) * width..<best.rowCount * width, in: places.count)
    let (to, from) = unsafe (best.storage.mutableAddress(), source.storage.address)
    unsafe places.withUnsafeMutableBufferPointer { places in
      guard let places = places.baseAddress else { return }
      unsafe functions.maximum(
        to + bestRow * width, places + bestRow * width, from + rows.lowerBound * width,
        Int32(rows.lowerBound), rows.count, width)
    }
  }

  /// Finds the greatest elements of each row, greatest first, and of equal ones the first first.
  ///
  /// - Parameters:
  ///   - count: How many to find; where a row has fewer, -1 and -infinity fill up. NaN and -infinity
  ///     are never found.
  ///   - source: The rows, `[R, N]`.
  ///   - best: Receives the elements, `[R, count]`.
  ///   - places: Receives their columns, `[R, count]`.
  /// - Complexity: O(R · N) comparisons, and O(count) moves for each element that is found.
  package func top(
    _ count: Int, of source: Matrix<Scalar>, into best: inout [Scalar], places: inout [Int32]
  ) {
    let found = source.rowCount * count
    precondition(
      count > 0 && best.count == found && places.count == found,
      "\(count) of each of \(source.rowCount) rows into \(best.count) and \(places.count)")
    unsafe functions.top(
      &best, &places, source.storage.address, source.rowCount, source.columnCount, count)
  }

  /// The sum of matrices of one shape; threads share the rows.
  ///
  /// - Parameters:
  ///   - sources: The matrices, at least one, `[M, N]`.
  ///   - target: Receives the sum, `[M, N]`.
  ///   - threadCount: The number of threads; the bits are the same at any.
  package func sum(
    _ sources: [Matrix<Scalar>], into target: inout Matrix<Scalar>, threadCount: Int
  ) {
    let (count, width) = (sources[0].rowCount, target.columnCount)
    precondition(
      sources.allSatisfy { $0.rowCount == count && $0.columnCount == width },
      "sum of matrices of several shapes")
    target.resize(rowCount: count)
    let shared = unsafe Shared(target.storage.mutableAddress())
    Self.inPieces(count, of: Self.rowsOfPiece, threadCount: threadCount) { piece in
      let (start, size) = (piece.lowerBound * width, piece.count * width)
      unsafe (shared.pointers + start).update(
        from: sources[0].storage.address + start, count: size)
      for source in sources.dropFirst() {
        unsafe functions.combine(
          shared.pointers + start, 1, source.storage.address + start, 1, size)
      }
    }
  }

  /// `target[to + i] += source[from + i] · scales[i]`, for rows; all scales 1 where nil.
  package func addRows(
    of source: Matrix<Scalar>, rows: Range<Int>, scaledBy scales: [Scalar]? = nil,
    to target: inout Matrix<Scalar>, at targetRow: Int = 0
  ) {
    let width = target.columnCount
    precondition(source.columnCount == width, "\(source.columnCount) columns beside \(width)")
    precondition(scales.map { $0.count >= rows.count } ?? true, "too few scales")
    Self.check(rows, in: source.rowCount)
    Self.check(targetRow..<targetRow + rows.count, in: target.rowCount)
    let (to, from) = unsafe (target.storage.mutableAddress(), source.storage.address)
    for index in 0..<rows.count {
      unsafe functions.combine(
        to + (targetRow + index) * width, 1, from + (rows.lowerBound + index) * width,
        scales.map { Double($0[index]) } ?? 1, width)
    }
  }

  private static func checkRows(_ rows: [Int32], _ width: Int, within count: Int) {
    guard let first = rows.min(), let last = rows.max() else { return }
    precondition(
      first >= 0 && (Int(last) + 1) * width <= count,
      "rows \(first) to \(last) of width \(width) in \(count) elements")
  }
}
