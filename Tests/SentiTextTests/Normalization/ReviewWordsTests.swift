import SentiText
import Testing

@Suite("Words of reviews")
struct ReviewWordsTests {
  @Test(arguments: [
    ("don't", "do n't"), ("DON'T", "DO N'T"), ("can't won't shan't", "ca n't wo n't sha n't"),
    ("dont cant wont Wasnt", "do n't ca n't wo n't Was n't"),
    ("went want wonton", "went want wonton"),
    ("cannot Cannot cannoted", "can not Can not cannoted"),
    (
      "it's we'll you're I've he'd I'm",
      "it \u{2BC}s we \u{2BC}ll you \u{2BC}re I \u{2BC}ve he \u{2BC}d I \u{2BC}m"
    ),
    ("it 's the film 's", "it \u{2BC}s the film \u{2BC}s"),
    ("'super' o'clock 'tis", "' super ' o'clock ' tis"),
    ("dogs' n't", "dogs ' n't"),
  ])
  func contractionsAreCut(text: String, expected: String) throws {
    #expect(try words(text, with: .contractions) == expected)
  }

  @Test(arguments: [
    ("sooooo", "so _long_"), ("goooood", "good _long_"), ("toooo", "too _long_"),
    ("yesss", "yes _long_"), ("reallyyyy", "really _long_"), ("realllly", "really _long_"),
    ("LOOOVE", "LOVE _long_"), ("mmmmm", "mmm _long_"), ("mmm III xxx viii", "mmm III xxx viii"),
    ("s\u{FC}\u{FC}\u{FC}\u{FC}\u{DF}", "s\u{FC}\u{DF} _long_"), ("1000 good", "1000 good"),
    ("aaa1 _aaab_", "aaa1 _aaab_"),
    ("!", "!"), ("!!", "! _many_"), ("!!!!!!", "! _many_"), ("?!", "? !"), ("?!?!", "? ! _many_"),
    ("wow!!ok", "wow ! _many_ ok"), ("... ......", ". . . . . ."), ("-----", "- - -"),
  ])
  func repetitionIsMarked(text: String, expected: String) throws {
    #expect(try words(text, with: .elongation) == expected)
  }

  @Test(arguments: [
    ("I LOVE it", "I LOVE _caps_ it"), ("I LOVE IT", "I LOVE IT"),
    ("I DON'T know", "I DON'T _caps_ know"),
    ("GREAT\nit is", "GREAT it is"), ("on DVD, part III", "on DVD , part III"),
    ("MP3 is A mess", "MP3 is A mess"), ("\u{C0} moi", "\u{C0} moi"),
    ("\u{DC}BEL ist", "\u{DC}BEL _caps_ ist"),
    (
      "\u{421}\u{423}\u{41F}\u{415}\u{420} \u{444}",
      "\u{421}\u{423}\u{41F}\u{415}\u{420} _caps_ \u{444}"
    ),
    ("Great BBC's", "Great BBC's"), ("WELL-MADE one", "WELL _caps_ - MADE _caps_ one"),
  ])
  func capitalsAreMarked(text: String, expected: String) throws {
    #expect(try words(text, with: .capitals) == expected)
  }

  @Test(arguments: [
    ("5 stars", "_RATING_10_"), ("1 star!", "_RATING_2_ !"), ("3.5 stars", "_RATING_7_"),
    ("zero stars", "_RATING_0_"), ("a five-star hotel", "a _RATING_10_ hotel"),
    ("7.5/10", "_RATING_8_"),
    ("10/10", "_RATING_10_"), ("2 out of 5 stars", "_RATING_4_"), ("nine out of ten", "_RATING_9_"),
    ("\u{2605}\u{2606}\u{2606}\u{2606}\u{2606}", "_RATING_2_"),
    ("\u{2605} \u{2605} \u{2606} \u{2606} \u{2606} ok", "_RATING_4_ ok"),
    ("3/4 stars", "_RATING_8_"), ("Rating:4/5.", "Rating : _RATING_8_ ."),
    ("9/11 24/7 1/2 10/10/2005", "9 / 11 24 / 7 1 / 2 10 / 10 / 2005"),
    ("the two stars", "the two stars"), ("5 starts, starring", "5 starts , starring"),
    ("12/10", "12 / 10"), ("\u{2605} item", "\u{2605} item"),
    ("and/or http:/5", "and / or http : / 5"),
  ])
  func ratingsAreOneWord(text: String, expected: String) throws {
    #expect(try words(text, with: .ratings) == expected)
  }

  @Test(arguments: [
    (":) :-) =) :] (: :))", "\u{1F642} \u{1F642} \u{1F642} \u{1F642} \u{1F642} \u{1F642}"),
    (":( :-( :'( >:( T_T ;_;", "\u{1F641} \u{1F641} \u{1F622} \u{1F620} \u{1F62D} \u{1F622}"),
    (":D xD XDDD ;) ;-) :')", "\u{1F600} \u{1F606} \u{1F606} \u{1F609} \u{1F609} \u{1F602}"),
    (
      ":P ;P :/ :| :S :O :* o_O",
      "\u{1F61B} \u{1F61C} \u{1F615} \u{1F610} \u{1F616} \u{1F62E} \u{1F618} \u{1F633}"
    ),
    ("I <3 it <333 </3", "I \u{2764} it \u{2764} \u{1F494}"),
    ("^^ ^_^ -_- >_<", "\u{1F60A} \u{1F60A} \u{1F611} \u{1F623}"),
    ("bad:( good:)", "bad \u{1F641} good \u{1F642}"),
    ("\u{AF}\\_(\u{30C4})_/\u{AF}", "\u{AF} \u{1F937} \u{AF}"),
  ])
  func emoticonsBecomeEmoji(text: String, expected: String) throws {
    #expect(try words(text, with: .emoticons) == expected)
  }

  @Test(arguments: [
    "note:(see)", "3:30 a:b", "http://x", "f(x=)", "snake_case __init__", "1) 8) a) b)",
    "x<3kg 5<3", "Dax Dx",
    "and:/or", "e=mc2 a==b", "[1]: x; (y)", "a <- b ^2",
  ])
  func signsBetweenWordsAreNoEmoticons(text: String) throws {
    #expect(try words(text, with: .emoticons) == words(text, Normalization.none))
  }

  @Test(arguments: [
    ("\u{1F600}", "\u{1F600} _face_smiling_"),
    ("good\u{1F600}bad", "good \u{1F600} _face_smiling_ bad"),
    ("\u{1F44D}\u{1F3FD}", "\u{1F44D} _hand_fingers_closed_"),
    ("\u{2764}\u{FE0F}", "\u{2764} _heart_"),
    ("\u{1F926}\u{1F3FC}\u{200D}\u{2642}\u{FE0F}", "\u{1F926} _people_body_"),
    (
      "\u{1F1E9}\u{1F1EA}\u{1F1EB}\u{1F1F7}",
      "\u{1F1E9}\u{1F1EA} _flags_ \u{1F1EB}\u{1F1F7} _flags_"
    ),
    ("\u{1F602}\u{1F602}\u{1F602}", "\u{1F602} _face_smiling_ _many_"),
    ("\u{1F355}", "\u{1F355} _food_drink_"),
    ("\u{1FAEA}", "\u{1FAEA} _smileys_emotion_"), (" \u{1F3FB}", "_emoji_"),
    ("\u{200D}\u{1F600}", "\u{200D}\u{1F600} _face_smiling_"),
    ("\u{2122} \u{2191} 1", "\u{2122} \u{2191} 1"),
  ])
  func emojiAreWordsWithTheirGroup(text: String, expected: String) throws {
    #expect(try words(text, with: .emoji) == expected)
  }

  @Test(arguments: [
    ("\u{645}\u{6CC}\u{200C}\u{62E}", "\u{645}\u{6CC}\u{200C}\u{62E}"), ("a\u{200C}b", "ab"),
    ("\u{915}\u{94D}\u{200D}\u{937}", "\u{915}\u{94D}\u{200D}\u{937}"), ("a\u{200D}b", "ab"),
    ("\u{1F469}\u{200D}\u{1F4BB}", "\u{1F469}\u{200D}\u{1F4BB}"),
    ("\u{E01}\u{200B}\u{E02}", "\u{E01}\u{200B}\u{E02}"),
    ("a\u{200B}b\u{7}c", "abc"), ("5\u{2032} 10", "5\u{2032} 10"), ("\u{92}x\u{93}", "'x\""),
  ])
  func invisibleCharactersGoWhereNoScriptNeedsThem(text: String, expected: String) throws {
    var normalization = Normalization.none
    normalization.reviewSteps = .typography
    #expect(bytes(try Normalizer(normalization).normalized(text).string) == bytes(expected))
  }

  @Test(arguments: [
    ("a<br>b<p>c</p>", "a\nb\nc\n"), ("g<b>oo</b>d", "good"),
    ("<a href='x>y'>z", "<a href='x>y'>z"),
    ("<a title='x y' href=\"z\">b</a>", "b"),
    ("&amp;amp;lt;b&gt;x", "x"), ("a<foo bar=1 baz='2'/>b", "a\nb"),
    ("<!DOCTYPE html><?xml a?>x", "\n\nx"),
    ("<STYLE>x</STYLE >y", "\ny"), ("<!-->x-->y", "y"), ("<input disabled>x", "\nx"),
    ("&unknown; &#0; &", "&unknown; &#0; &"),
  ])
  func markupIsTakenOff(text: String, expected: String) throws {
    var normalization = Normalization.none
    normalization.reviewSteps = .markup
    #expect(try Normalizer(normalization).normalized(text).string == expected)
  }
}
