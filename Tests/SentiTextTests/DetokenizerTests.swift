import SentiText
import Testing

@Suite("Detokenizer")
struct DetokenizerTests {
  /// Words between spaces, and the text that a person makes of them.
  static let english = [
    ("a dog 's ball ( red ) .", "A dog's ball (red)."),
    ("\" it ' s good , \" she said .", "\"It's good,\" she said."),
    ("i do n't know ; i ' m tired !", "I don't know; I'm tired!"),
    ("t - shirt and / or 5 % of $ 3.50", "T-shirt and/or 5% of $3.50"),
    ("two dogs ' toys", "Two dogs' toys"),
    ("the word ' ball ' is red", "The word 'ball' is red"),
    ("is it ? yes . mr . Smith left", "Is it? Yes. Mr. Smith left"),
    ("at 10 : 30 , in 1990 \u{2013} 95", "At 10:30, in 1990\u{2013}95"),
    (
      "one \u{2014} two \u{201C} three \u{201D} \u{2018} four \u{2019}",
      "One\u{2014}two \u{201C}three\u{201D} \u{2018}four\u{2019}"
    ),
    ("( a cat ) sleeps ...", "(A cat) sleeps..."),
    ("cats & dogs @ home # 1", "Cats & dogs @home #1"),
    ("i've seen it", "I've seen it"),
    ("don \u{2019} t", "Don\u{2019}t"),
    ("", ""),
  ]

  static let german = [
    ("\u{201E} ja \u{201C} , sagt er .", "\u{201E}Ja\u{201C}, sagt er."),
    ("Vor - und Nachteile , T - Shirt", "Vor- und Nachteile, T-Shirt"),
    ("\u{BB} Halt ! \u{AB} 5 % , 3 \u{20AC}", "\u{BB}Halt!\u{AB} 5\u{A0}%, 3\u{A0}\u{20AC}"),
    ("\u{AB} so \u{BB} \u{2013} oder so", "\u{AB}So\u{BB} \u{2013} oder so"),
    ("wie geht 's dem Mann ?", "Wie geht's dem Mann?"),
    ("nur $ 5 f\u{FC}r \u{A3} 4", "Nur $5 f\u{FC}r \u{A3}4"),
    ("\u{E4}pfel bzw . birnen", "\u{C4}pfel bzw. birnen"),
  ]

  static let french = [
    ("l' homme dit : \u{AB} oui \u{BB} !", "L'homme dit\u{A0}: \u{AB}\u{A0}oui\u{A0}\u{BB}\u{A0}!"),
    ("qu ' est - ce que c' est ?", "Qu'est-ce que c'est\u{A0}?"),
    ("5 % ; 3 \u{20AC} .", "5\u{A0}%\u{A0}; 3\u{A0}\u{20AC}."),
    ("aujourd' hui , \u{E9}t\u{E9} .", "Aujourd'hui, \u{E9}t\u{E9}."),
  ]

  static let pairs =
    english.map { (Detokenizer.Language.english, $0, $1) }
    + german.map { (Detokenizer.Language.german, $0, $1) }
    + french.map { (Detokenizer.Language.french, $0, $1) }

  @Test(arguments: pairs)
  func joinsWordsAsAPersonWould(language: Detokenizer.Language, words: String, text: String) {
    let detokenizer = Detokenizer(language: language, capitalizes: true)
    #expect(detokenizer.text(joining: words) == text)
  }

  @Test(arguments: pairs)
  func aTextThatIsRightStaysAsItIs(language: Detokenizer.Language, words: String, text: String) {
    #expect(Detokenizer(language: language, capitalizes: true).text(joining: text) == text)
  }

  @Test func capitalsAreLeftWhereNobodyAskedForThem() {
    let detokenizer = Detokenizer()
    #expect(detokenizer.text(of: ["a", "dog", ".", "i", "run"]) == "a dog. i run")
    let capitalizing = Detokenizer(capitalizes: true)
    #expect(capitalizing.text(of: ["iPhone", "users", ".", "NASA"]) == "iPhone users. NASA")
    #expect(capitalizing.text(of: ["\u{FB01}sh"]) == "Fish")
  }

  @Test func scriptsWithoutSpacesGetNone() {
    #expect(
      Detokenizer().text(of: ["\u{6211}", "\u{662F}", "\u{4EBA}", "\u{3002}"])
        == "\u{6211}\u{662F}\u{4EBA}\u{3002}")
    #expect(Detokenizer().text(of: ["\u{E2A}\u{E27}", "\u{E22}"]) == "\u{E2A}\u{E27}\u{E22}")
  }
}
