import Testing

@testable import SentiText

@Suite("Alignment")
struct AlignmentTests {
  private func alignment(_ edits: [(Range<Int>, Range<Int>)]) -> Alignment {
    var alignment = Alignment()
    for (original, rewritten) in edits {
      alignment.append(.init(original: original, rewritten: rewritten))
    }
    return alignment
  }

  @Test func identityGivesTheRangeBack() {
    #expect(Alignment().originalRange(of: 3..<7) == 3..<7)
    #expect(Alignment().isIdentity)
  }

  @Test func partOfAnEditMapsToAllOfIt() {
    let ligature = alignment([(2..<5, 2..<4)])
    #expect(ligature.originalRange(of: 2..<3) == 2..<5)
    #expect(ligature.originalRange(of: 3..<4) == 2..<5)
    #expect(ligature.originalRange(of: 0..<3) == 0..<5)
    #expect(ligature.originalRange(of: 4..<6) == 5..<7)
    #expect(!ligature.isIdentity)
  }

  @Test func deletedBytesBelongToWhatStandsBefore() {
    let deletion = alignment([(4..<6, 4..<4)])
    #expect(deletion.originalRange(of: 0..<4) == 0..<6)
    #expect(deletion.originalRange(of: 4..<5) == 6..<7)
  }

  @Test func compositionMergesOverlappingEdits() {
    let first = alignment([(0..<1, 0..<3), (5..<8, 7..<9)])
    let second = alignment([(2..<4, 2..<3), (7..<8, 6..<10)])
    let both = first.followed(by: second)
    #expect(
      both.edits == [
        .init(original: 0..<2, rewritten: 0..<3), .init(original: 5..<8, rewritten: 6..<11),
      ])
  }

  @Test func compositionWithIdentityChangesNothing() {
    let edits = alignment([(1..<2, 1..<4)])
    #expect(edits.followed(by: Alignment()) == edits)
    #expect(Alignment().followed(by: edits) == edits)
  }

  @Test func compositionKeepsWhatStandsApart() {
    let first = alignment([(1..<2, 1..<3)])
    let second = alignment([(5..<6, 5..<5)])
    #expect(
      first.followed(by: second)
        == alignment([(1..<2, 1..<3), (4..<5, 5..<5)]))
  }
}
