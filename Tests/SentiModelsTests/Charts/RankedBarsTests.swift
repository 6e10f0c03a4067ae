import Testing

@testable import SentiModels

@Suite("Ranked bars")
struct RankedBarsTests {
  private static let bars = RankedBars(
    title: "Shift", label: "change, in logits", partNames: ["by use", "by contribution"],
    bars: [
      .init(name: "good", parts: [2, 1]), .init(name: "dull", parts: [-1, 2]),
      .init(name: "<b>", parts: [0, -1]),
    ], alternative: "good gives most")

  @Test func partsOfOneSignAreStacked() {
    let rects = Self.bars.svg.matches(
      of: #/<rect x="([0-9.]+)" y="[0-9.]+" width="([0-9.]+)" height="16"/#
    )
    .compactMap { match in
      Double(match.output.1).flatMap { x in Double(match.output.2).map { (x: x, width: $0) } }
    }
    #expect(rects.count == 6)
    let unit = rects[1].width
    #expect(
      abs(rects[0].width - 2 * unit) < 0.2 && abs(rects[0].x + rects[0].width - rects[1].x) < 0.2)
    // To the left of zero, and to the right of it.
    #expect(
      abs(rects[2].x + rects[2].width - rects[0].x) < 0.2 && abs(rects[3].x - rects[0].x) < 0.2)
  }

  @Test func itSaysWhatItShows() {
    let svg = Self.bars.svg
    #expect(svg.contains("aria-label=\"Shift: good gives most\"") && svg.contains("role=\"img\""))
    #expect(svg.contains("<title>good, by use: 2.0000</title>"))
    #expect(svg.contains(">&lt;b&gt;</text>") && svg.contains(">change, in logits</text>"))
    #expect(svg.contains(">by contribution</text>"))
  }
}
