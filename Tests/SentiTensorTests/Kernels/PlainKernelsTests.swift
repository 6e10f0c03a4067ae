import Foundation
import SentiTensor
import SentiTestSupport
import Testing

/// The twins on numbers that can be followed by hand.
@Suite("Plain kernels")
struct PlainKernelsTests {
  typealias Plain = PlainKernels<Double>

  func matrix(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rowCount: rows.count, columnCount: rows[0].count, elements: rows.flatMap { $0 })
  }

  @Test func topSortsGreatestFirstAndTiesByPlace() {
    #expect(Plain.top(3, of: [2, 9, -.infinity, 9, .nan, 4]) == [1, 3, 5])
    #expect(Plain.top(9, of: [.nan, -.infinity, 1]) == [2])
  }

  @Test func multipliesRowsByColumns() {
    let product = Plain.multiply(
      matrix([[1, 2, 3], [4, 5, 6]]), matrix([[1, 0], [0, 1], [10, 100]]), bias: [0.5, -0.5])
    #expect(product == matrix([[31.5, 301.5], [64.5, 604.5]]))
  }

  @Test func multipliesTheTransposedByNamedRows() {
    let left = matrix([[1, 2], [3, 4]])
    let right = matrix([[1, 1, 1], [5, 6, 7]])
    #expect(Plain.multiplyTransposed(left, right) == matrix([[16, 19, 22], [22, 26, 30]]))
    #expect(
      Plain.multiplyTransposed(left, right, rightRows: [1, 1])
        == matrix([[20, 24, 28], [30, 36, 42]]))
  }

  @Test func knowsTheNonlinearitiesAtZeroAndOne() {
    #expect(Plain.tanh(0) == 0)
    #expect(Plain.tanh(1) == 0.7615941559557649)
    #expect(Plain.sigmoid(0) == 0.5)
    #expect(abs(Plain.sigmoid(1) - 0.7310585786300049) < 1e-15)
    #expect(Plain.activated(-2, .relu) == 0)
    #expect(Plain.activated(2, .relu) == 2)
    #expect(Plain.activated(-1, .elu) == Foundation.expm1(-1))
    #expect(Plain.activated(2, .elu) == 2)
  }

  @Test func takesSlopesFromOutputs() {
    #expect(Plain.slope(0.5, .tanh) == 0.75)
    #expect(Plain.slope(0, .relu) == 0)
    #expect(Plain.slope(3, .relu) == 1)
    #expect(Plain.slope(-0.25, .elu) == 0.75)
    #expect(Plain.slope(3, .elu) == 1)
  }

  @Test func advancesASimpleCell() {
    let hidden = Plain.simpleForward(
      .relu, projection: matrix([[1, -9]]), weights: matrix([[2, 3], [4, 5]]),
      hidden: matrix([[0.5, 1]]))
    #expect(hidden == matrix([[5, 0]]))
    let gradient = Plain.simpleBackward(
      .relu, hidden: hidden, hiddenGradient: matrix([[7, 7]]))
    #expect(gradient == matrix([[7, 0]]))
  }

  /// With all weights zero and r = z = 1/2, the candidate is tanh(1/2) and h' half of both.
  @Test func advancesAGatedRecurrentUnit() throws {
    let step = Plain.gruForward(
      projection: matrix([[0, 0, 0]]), weights: matrix([[0], [0], [0]]), candidateBias: [1],
      hidden: matrix([[0.25]]))
    let candidate = tanh(0.5)
    #expect(step.saved == matrix([[0.5, 0.5, candidate, 1]]))
    #expect(step.hidden[0, 0] == 0.5 * candidate + 0.125)
    #expect(step.cell.columnCount == 0)
    let back = Plain.gruBackward(
      saved: step.saved, previousHidden: matrix([[0.25]]), hiddenGradient: matrix([[2]]))
    let dn = 1 - candidate * candidate
    let dz = 0.5 * (0.25 - candidate)
    #expect(mismatch(back.input.elements, [dn / 4, dz, dn], absolute: 1e-15) == nil)
    #expect(mismatch(back.recurrent.elements, [dn / 4, dz, dn / 2], absolute: 1e-15) == nil)
    #expect(back.previousHidden == matrix([[1]]))
  }

  /// With all weights zero and i = f = o = 1/2, g = 0, so that c' = c / 2.
  @Test func advancesLongShortTermMemory() {
    let step = Plain.lstmForward(
      projection: matrix([[0, 0, 0, 0]]), weights: matrix([[0], [0], [0], [0]]),
      hidden: matrix([[9]]), cell: matrix([[3]]))
    #expect(step.cell == matrix([[1.5]]))
    #expect(step.hidden == matrix([[0.5 * tanh(1.5)]]))
    #expect(step.saved == matrix([[0.5, 0.5, 0, 0.5]]))
    let back = Plain.lstmBackward(
      saved: step.saved, previousCell: matrix([[3]]), cell: step.cell,
      hiddenGradient: matrix([[2]]), cellGradient: matrix([[1]]))
    let squashed = tanh(1.5)
    let dc = 1 + (1 - squashed * squashed)
    #expect(
      mismatch(back.input.elements, [0, dc * 0.75, dc / 2, squashed / 2], absolute: 1e-15) == nil)
    #expect(back.recurrent == back.input)
    #expect(mismatch(back.previousCell.elements, [dc / 2], absolute: 1e-15) == nil)
    #expect(back.previousHidden == matrix([[0]]))
  }
}
