import SentiCorpora
import SentiModels
import Testing

@testable import SentiCLI

@Suite("Timeline drawing")
struct TimelineDrawingTests {
  /// An ideograph takes two columns.
  @Test(arguments: [30, 80])
  func aTimelineOfWideCharactersFitsTheTerminal(columnCount: Int) throws {
    let text = String(repeating: "\u{597D}\u{7535}\u{5F71}", count: 40)
    let timeline = try TimelineReader(TinyModel.classifier()).timeline(of: RowText(text))
    let line = try TimelineDrawing(.standardOutput, columnCount: columnCount)
      .text(of: timeline, in: Array(text.utf8))
    let width = line.dropLast().reduce(0) { $0 + ("\u{4E00}"..."\u{9FFF}" ~= $1 ? 2 : 1) }
    #expect(width < columnCount && line.contains("\u{597D}"))
  }
}
