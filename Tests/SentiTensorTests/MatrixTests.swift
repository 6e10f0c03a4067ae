import SentiTensor
import Testing

@Suite("Matrix")
struct MatrixTests {
  let matrix = Matrix<Float>(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6])

  @Test func startsWithZeros() {
    let zeros = Matrix<Double>(rowCount: 2, columnCount: 3)
    #expect(zeros.rowCount == 2)
    #expect(zeros.columnCount == 3)
    #expect(zeros.elementCount == 6)
    #expect(zeros.elements == [0, 0, 0, 0, 0, 0])
  }

  @Test func mayBeEmpty() {
    let empty = Matrix<Float>(rowCount: 0, columnCount: 3)
    #expect(empty.elements.isEmpty)
    #expect(Matrix<Float>(rowCount: 2, columnCount: 0).row(1).isEmpty)
  }

  @Test func liesRowByRow() {
    #expect(matrix[0, 2] == 3)
    #expect(matrix[1, 0] == 4)
    #expect(matrix.row(1) == [4, 5, 6])
  }

  @Test func isWrittenElementByElement() {
    var changed = matrix
    changed[1, 1] = 9
    #expect(changed.elements == [1, 2, 3, 4, 9, 6])
    #expect(matrix[1, 1] == 5)
  }

  @Test func shrinksToItsFirstRows() {
    var shrunk = matrix
    shrunk.resize(rowCount: 1)
    #expect(shrunk.rowCount == 1)
    #expect(shrunk.elements == [1, 2, 3])
    #expect(shrunk == Matrix(rowCount: 1, columnCount: 3, elements: [1, 2, 3]))
  }

  @Test func growsAndShrinksWithinItsStorage() {
    var grown = matrix
    grown.resize(rowCount: 100)
    #expect(grown.elementCount == 300)
    #expect(grown.elements.count == 300)
    grown[99, 2] = 1
    grown.resizeToZeros(rowCount: 2)
    #expect(grown.elements == [0, 0, 0, 0, 0, 0])
    grown.resizeToZeros(rowCount: 100)
    #expect(grown[99, 2] == 0)
  }

  @Test func equalsByShapeAndElements() {
    #expect(matrix == Matrix(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(matrix != Matrix(rowCount: 3, columnCount: 2, elements: [1, 2, 3, 4, 5, 6]))
    #expect(matrix != Matrix(rowCount: 2, columnCount: 3))
  }

  @Test func copiesNamedRows() {
    #expect(matrix.rows([1, 0, 1]).elements == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(matrix.rows([]).rowCount == 0)
    #expect(Matrix<Float>(rowCount: 2, columnCount: 0).rows([1]).rowCount == 1)
  }

  @Test func normIsThatOfItsRowsOnly() {
    var matrix = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [3, 4, 100, 100])
    matrix.resize(rowCount: 1)
    #expect(matrix.norm == 5)
    #expect(Matrix<Float>(rowCount: 0, columnCount: 2).norm == 0)
  }

  @Test func replacesRows() {
    var changed = matrix
    changed.replaceRow(0, with: [0, 0, 1])
    #expect(changed.elements == [0, 0, 1, 4, 5, 6])
    changed = matrix
    changed.replaceRows(from: 1, with: Matrix(rowCount: 1, columnCount: 3, elements: [7, 8, 9]))
    #expect(changed.elements == [1, 2, 3, 7, 8, 9])
  }

  // MARK: Columns

  @Test func setsMatricesSideBySide() {
    let right = Matrix<Float>(rowCount: 2, columnCount: 1, elements: [7, 8])
    #expect(Matrix(concatenating: [matrix, right]).elements == [1, 2, 3, 7, 4, 5, 6, 8])
  }

  @Test func copiesColumns() {
    #expect(matrix.columns(1..<3).elements == [2, 3, 5, 6])
    #expect(matrix.columns(2..<2).columnCount == 0)
  }

  @Test func findsTheGreatestColumnAndTheFirstOfEquals() {
    let values = Matrix<Float>(rowCount: 3, columnCount: 3, elements: [1, 3, 2, 5, 5, 1, 0, 0, 9])
    #expect(values.argmax() == [1, 0, 2])
    #expect(Matrix<Float>(rowCount: 0, columnCount: 3).argmax().isEmpty)
  }

  // MARK: Preconditions

  @Test func stopsAtNegativeSizes() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(rowCount: -1, columnCount: 1) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(rowCount: 1, columnCount: -1) }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 1, columnCount: 1)
      matrix.resize(rowCount: -1)
    }
  }

  @Test func stopsAtTooFewElements() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [1, 2, 3])
    }
  }

  @Test func stopsAtIndicesOutside() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 2)[0, 2]
    }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 2)
      matrix[2, 0] = 1
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 2, columnCount: 2).row(2)
    }
  }

  @Test func stopsAtARowThatDoesNotFit() async {
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 2)
      matrix.replaceRow(2, with: [1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 2)
      matrix.replaceRow(0, with: [1])
    }
  }

  @Test func stopsAtRowsBehindTheLast() async {
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 4, columnCount: 2)
      matrix.resize(rowCount: 1)
      _ = matrix.rows([1])
    }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 2)
      matrix.replaceRows(from: 1, with: Matrix(rowCount: 2, columnCount: 2))
    }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 2, columnCount: 2)
      matrix.replaceRows(from: 0, with: Matrix(rowCount: 2, columnCount: 1))
    }
  }

  @Test func stopsAtColumnsThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(rowCount: 1, columnCount: 2).columns(1..<3)
    }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>(concatenating: []) }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>(concatenating: [
        Matrix(rowCount: 1, columnCount: 2), Matrix(rowCount: 2, columnCount: 2),
      ])
    }
  }
}
