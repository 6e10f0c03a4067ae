import Testing

@testable import SentiModels

@Suite("Group tally")
struct GroupTallyTests {
  @Test func groupsAreRankedAndTested() throws {
    var tally = GroupTally(field: "product")
    for index in 0..<300 {
      let isPen = index % 3 == 0
      let score = (isPen ? 0.6 : -0.1) + 0.01 * Double(index % 7)
      tally.add(isPen ? "pen" : index % 3 == 1 ? "cup" : "mug", label: 0, score: score)
    }
    let (groups, others) = tally.ranked
    #expect(groups.map(\.name) == ["cup", "mug", "pen"] && others.tally.count == 0)
    #expect(try #require(groups[2].probability) < 1e-6)
    #expect(groups.allSatisfy { $0.tally.count == 100 })
  }

  /// Of many groups without a difference, few or none are called significant.
  @Test func manyGroupsAreCorrectedFor() {
    var tally = GroupTally(field: "id")
    for index in 0..<2_000 {
      let score = Double((index &* 7919) % 1_009) / 1_009 - 0.5
      tally.add("\(index % 40)", label: 0, score: score)
    }
    let significant = tally.ranked.groups.count { ($0.probability ?? 1) < 0.05 }
    #expect(significant <= 1)
  }

  @Test func smallGroupsAreOthers() {
    var tally = GroupTally(field: "id")
    for index in 0..<200 {
      tally.add(index < 120 ? "\(index % 60)" : "a", label: 0, score: 0.1)
    }
    let (groups, others) = tally.ranked
    #expect(groups.count == 50 && groups[0].name == "a" && groups[0].tally.count == 80)
    #expect(others.count == 11 && others.tally.count == 22)
    #expect(groups[1].probability == nil)
  }

  /// A field of which every row has another value takes bounded memory.
  @Test func tooManyValuesAreNotToldApart() {
    var tally = GroupTally(field: "id")
    for index in 0..<GroupTally.valueLimit + 10 { tally.add("\(index)", label: 0, score: 0) }
    #expect(tally.isFull && tally.count == GroupTally.valueLimit)
    let (groups, others) = tally.ranked
    #expect(groups.count + others.tally.count == GroupTally.valueLimit + 10)
  }
}
