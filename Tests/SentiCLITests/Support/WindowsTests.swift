import Testing

@testable import SentiCLI

@Suite("Windows")
struct WindowsTests {
  @Test func holdALimitedNumberOfElements() {
    let windows = Array(Windows(0..<2500, size: { _ in 1 }))
    #expect(windows.map(\.count) == [1024, 1024, 452])
    #expect(windows.flatMap(\.self) == Array(0..<2500))
  }

  @Test func holdALimitedNumberOfBytes() {
    let windows = Array(Windows([3, 2, 5, 1, 1], size: { $0 << 20 }))
    #expect(windows == [[3, 2], [5], [1, 1]])
  }

  @Test func areNoneOfNothing() {
    #expect(Array(Windows([Int](), size: { _ in 1 })).isEmpty)
  }

  @Test func askForNothingAhead() {
    var asked = 0
    let elements = sequence(state: 0) { next -> Int? in
      asked += 1
      next += 1
      return next
    }
    var windows = Windows(elements, size: { _ in 4 << 20 })
    #expect(windows.next() == [1] && asked == 1)
  }
}
