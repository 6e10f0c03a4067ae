// The loops of SentiText that touch every byte.
//
// Nothing here allocates, and nothing keeps a pointer. Text is UTF-8; positions count bytes.

#ifndef CSentiText_h
#define CSentiText_h

#include <stdbool.h>
#include <stdint.h>

// MARK: Bytes

/// The first position at or after `from` that holds a byte of 0x80 or above, or `count`.
int64_t CSentiText_firstNonASCII(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// Whether bytes are well-formed UTF-8 (Unicode Standard 3.9, table 3-7); plain by the loop that every
/// machine has, for comparison.
bool CSentiText_isWellFormed(const uint8_t *_Nonnull text, int64_t count, bool isPlain);

/// The first position at or after `from` that holds '<' or '&', or `count`.
int64_t CSentiText_firstMarkup(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` that holds '<', '>' or '&', or `count`.
int64_t CSentiText_firstMarkupEvent(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where '<' or "]]>" stands, or `count`.
int64_t CSentiText_firstTag(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where a character may stand that typography folds or drops, or `count`.
int64_t CSentiText_firstTypography(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where '@', "://" or "www." stands, or `count`.
int64_t CSentiText_firstAddress(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where a sign stands that emoticons hold, or `count`.
int64_t CSentiText_firstEmoticon(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where '/', "star", "t of" or a star may stand, or `count`.
int64_t CSentiText_firstRating(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where two capitals, or letters beyond ASCII, may stand, or `count`.
int64_t CSentiText_firstCapitals(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where a character is repeated that words do not repeat, or `count`.
int64_t CSentiText_firstElongation(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where an apostrophe, or a word's end that may hide one, stands, or `count`.
int64_t CSentiText_firstContraction(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// The first position at or after `from` where an emoji may stand, or `count`.
int64_t CSentiText_firstEmoji(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// Puts lower-case letters in place of ASCII's upper-case ones.
void CSentiText_foldASCII(uint8_t *_Nonnull text, int64_t count);

/// Writes well-formed UTF-8 in UTF-16, at most as many units as bytes, and returns how many.
int64_t CSentiText_toUTF16(
    const uint8_t *_Nonnull text, int64_t from, int64_t to, uint16_t *_Nonnull units);

// MARK: Word boundaries

/// What the word boundary rules know of a character; a character may have several bits.
enum {
  CSentiText_letter = 1,
  CSentiText_digit = 2,
  CSentiText_connector = 4,
  CSentiText_betweenLetters = 8,
  CSentiText_betweenDigits = 16,
  CSentiText_joiningSpace = 32,
  CSentiText_carriageReturn = 128,
  /// No class: a character whose boundaries only ICU finds.
  CSentiText_foreign = 64,
};

/// Classes of characters of which dictionaries cut the runs. They stand in tables only.
enum {
  /// Han, hiragana, katakana: joined with each other, and with nothing else.
  CSentiText_han = 0xC0,
  /// A letter of Thai, and a mark that belongs to the letter before it.
  CSentiText_thai = 0xC0 | CSentiText_letter,
  CSentiText_thaiMark = 0xD0,
};

/// The characters whose classes are tabulated, block behind block: 0 to 0x52F, 0x2000 to 0x206F, Thai,
/// signs and kana, full-width forms, and one entry for all of Han.
enum {
  CSentiText_lowCharacterCount = 0x530,
  CSentiText_firstPunctuation = 0x2000,
  CSentiText_punctuationCount = 0x70,
  CSentiText_firstThai = 0x0E00,
  CSentiText_thaiCount = 0x80,
  CSentiText_firstKana = 0x3000,
  CSentiText_kanaCount = 0x100,
  CSentiText_firstFullWidth = 0xFF00,
  CSentiText_fullWidthCount = 0x80,
  CSentiText_firstHan = 0x4E00,
  CSentiText_lastHan = 0x9FFF,

  CSentiText_punctuationIndex = CSentiText_lowCharacterCount,
  CSentiText_thaiIndex = CSentiText_punctuationIndex + CSentiText_punctuationCount,
  CSentiText_kanaIndex = CSentiText_thaiIndex + CSentiText_thaiCount,
  CSentiText_fullWidthIndex = CSentiText_kanaIndex + CSentiText_kanaCount,
  CSentiText_hanIndex = CSentiText_fullWidthIndex + CSentiText_fullWidthCount,
  CSentiText_characterCount = CSentiText_hanIndex + 1,
};

/// The dictionaries of one ICU, in its formats.
typedef struct {
  /// A trie of Chinese and Japanese words and their costs.
  const uint16_t *_Nullable han;
  /// A trie of Thai words, in bytes that count from `thaiBase`.
  const uint8_t *_Nullable thai;
  int32_t thaiBase;
  /// Memory of the first steps into the trie `han`, one for each unit from `firstDictionaryUnit` to
  /// 0x9FFF; zero at first.
  uint32_t *_Nullable firstSteps;
} CSentiText_Dictionary;

enum {
  CSentiText_firstDictionaryUnit = CSentiText_firstKana,
  CSentiText_dictionaryUnitCount = CSentiText_lastHan + 1 - CSentiText_firstKana,
};

/// The word boundary rules of one ICU, as tables.
typedef struct {
  /// The classes of the tabulated characters. None of ASCII is foreign.
  const uint8_t *_Nonnull classes;
  /// The kinds of the tabulated characters.
  const uint8_t *_Nonnull kinds;
  /// The dictionaries; where one is missing, no character has its class.
  CSentiText_Dictionary dictionary;
  /// The kinds of letters, of digits, and of words of Han and kana.
  uint8_t wordKind, numberKind, ideographKind;
  /// Whether only the loops that every machine has are used; for comparison.
  bool isPlain;
} CSentiText_Rules;

/// How many bytes one call of `scan` looks at, at most, and how many tokens it finds; and how much
/// room it wants for them, because some machines write more than they found.
enum { CSentiText_windowSize = 4096, CSentiText_windowRoom = 4096 + 64 };

/// What one call of `scan` did.
typedef struct {
  /// How many tokens were written.
  int64_t tokenCount;
  /// Where the last of them ends.
  int64_t end;
  /// Where the stretch ends that begins at `end` and that only ICU can cut; `end` when there is
  /// none.
  int64_t foreignEnd;
} CSentiText_Window;

/// Cuts well-formed UTF-8 from a position where a boundary is known, and writes the ends of tokens,
/// from there on, and their kinds. There must be room for a window of each.
CSentiText_Window CSentiText_scan(
    const CSentiText_Rules *_Nonnull rules, const uint8_t *_Nonnull text, int64_t from,
    int64_t count, uint32_t *_Nonnull ends, uint8_t *_Nonnull kinds);

// MARK: Words

/// A slot of an open-addressing table of words; empty when `number` is 0.
typedef struct {
  /// The bytes of a word of at most 8 bytes, else a hash of them.
  uint64_t key;
  uint32_t length;
  /// The word's number plus one.
  uint32_t number;
} CSentiText_Slot;

/// A table of words: slots (a power of two), the words' bytes, and where each word begins.
typedef struct {
  const CSentiText_Slot *_Nonnull slots;
  int64_t slotCount;
  const uint8_t *_Nonnull words;
  const uint32_t *_Nonnull offsets;
} CSentiText_Words;

/// The slot of a word, or the empty slot where it belongs. `text` has `count` readable bytes.
int64_t CSentiText_findSlot(
    const CSentiText_Words *_Nonnull table, const uint8_t *_Nonnull text, int64_t start,
    int64_t length, int64_t count);

/// Fills a slot that `findSlot` gave for the same word.
void CSentiText_fillSlot(
    CSentiText_Slot *_Nonnull slot, const uint8_t *_Nonnull text, int64_t start, int64_t length,
    int64_t count, uint32_t number);

/// Puts the slots of a table into another one that is larger and empty.
void CSentiText_moveSlots(
    const CSentiText_Slot *_Nonnull from, int64_t fromCount, CSentiText_Slot *_Nonnull to,
    int64_t toCount);

/// Looks up the tokens that begin at `start`, except those of `skippedKind`, writes their numbers
/// (`unknown` for words that the table lacks) and returns how many it wrote.
int64_t CSentiText_lookUp(
    const CSentiText_Words *_Nonnull table, const uint8_t *_Nonnull text, int64_t start,
    int64_t count, const uint32_t *_Nonnull ends, const uint8_t *_Nonnull kinds,
    int64_t tokenCount, uint8_t skippedKind, uint32_t unknown, uint32_t *_Nonnull numbers);

// MARK: Sentiment

/// Scores a text by the model of Senti, where the program links that module.
///
/// Whether it was scored; `score` is then from -1, negative, to 1, positive.
bool CSentiText_linkedSentiment(const uint8_t *_Nullable text, int64_t count, double *_Nonnull score);

#endif
