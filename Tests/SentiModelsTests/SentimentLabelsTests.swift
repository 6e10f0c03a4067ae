import SentiModels
import Testing

@Suite("Sentiment labels")
struct SentimentLabelsTests {
  @Test(arguments: [
    ("pos", "positive"), ("POS", "positive"), (" pos\u{A0}\u{FEFF}", "positive"), ("1", "1"),
    ("neg", "negative"), ("Neutral", "neutral"), ("neu", "neutral"), (" 5 stars\t", "5 stars"),
    ("", ""), (" \u{2003}", ""),
  ])
  func namesLabelsAsModelsDo(_ written: String, _ name: String) {
    #expect(SentimentLabels.canonical(written) == name)
  }

  /// A number means nothing alone; see the issue of one-star reviews that were positive.
  @Test(arguments: [
    (["0", "1"], ["negative", "positive"]), (["1", "-1"], ["positive", "negative"]),
    (["-1", "0", "+1"], ["negative", "neutral", "positive"]),
    (["+", "-"], ["positive", "negative"]),
    (["pos", "0", "1.0"], ["positive", "negative", "positive"]),
    (["1", "3", "5"], ["1", "3", "5"]), (["1"], ["1"]), (["0", "1", "x"], ["0", "1", "x"]),
    (["0", "1", "2"], ["0", "1", "2"]),
  ])
  func namesNumbersOfWholeSets(_ written: [String], _ names: [String]) {
    let found = SentimentLabels.names(of: written)
    #expect(written.map { found[$0] } == names)
  }

  @Test func namesRatings() {
    let five = SentimentLabels.names(ofRatings: ["1", " 2", "3", "3.5", "4", "5.0"])
    #expect(
      five == [
        "1": "negative", " 2": "negative", "3": "neutral", "3.5": "neutral", "4": "positive",
        "5.0": "positive",
      ])
    let ten = SentimentLabels.names(ofRatings: ["4", "5", "6", "7", "10"])
    #expect(
      ten == [
        "4": "negative", "5": "neutral", "6": "neutral", "7": "positive", "10": "positive",
      ])
    for label in ["0", "11", "five", "", "nan", "1e0"] {
      #expect(SentimentLabels.names(ofRatings: ["1", label]) == nil)
    }
  }

  @Test func numbersAreSortedByTheirValues() {
    #expect(
      SentimentLabels.sorted(["10", "x", "9", "positive", "1"]) == [
        "positive", "1", "9", "10", "x",
      ])
  }

  @Test func sortsFromLeastToMostFavourableThenByBytes() {
    #expect(SentimentLabels.ordered == ["negative", "neutral", "positive"])
    #expect(
      SentimentLabels.sorted(["b", "positive", "a", "negative", "B"])
        == ["negative", "positive", "B", "a", "b"])
  }
}
