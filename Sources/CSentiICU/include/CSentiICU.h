// The part of ICU that SentiText uses, under names that do not change with ICU's version.
//
// ICU renames its functions with macros (`ubrk_open` is `ubrk_open_72`), so Swift must not see its
// headers. Types are opaque here, every status is ICU's `UErrorCode` as an integer (success is <=
// 0), text is UTF-16, and lengths count UTF-16 code units.

#ifndef CSentiICU_h
#define CSentiICU_h

#include <stdbool.h>
#include <stdint.h>

// MARK: Versions, errors, locales

/// Writes the linked library's version ("72.1") as a C string of at most 20 bytes.
void CSentiICU_getVersion(char *_Nonnull text20);

/// Writes the version of Unicode that the linked library implements ("15.0").
void CSentiICU_getUnicodeVersion(char *_Nonnull text20);

/// The name of a status, a static string.
const char *_Nonnull CSentiICU_errorName(int32_t status);

/// Whether the locale's language is one that ICU knows. The empty string and "root" are known.
bool CSentiICU_isKnownLocale(const char *_Nonnull locale);

// MARK: Boundaries

/// A break iterator. Owned by whoever opened or cloned it; used by one thread at a time.
typedef struct CSentiICU_Breaker CSentiICU_Breaker;

enum {
  CSentiICU_graphemes = 0,
  CSentiICU_words = 1,
  CSentiICU_lines = 2,
  CSentiICU_sentences = 3,
};

/// Opens an iterator; the caller closes it. NULL when status reports a failure.
CSentiICU_Breaker *_Nullable CSentiICU_Breaker_open(
    int32_t unit, const char *_Nonnull locale, int32_t *_Nonnull status);

/// Copies an iterator; the caller closes the copy. NULL when status reports a failure.
CSentiICU_Breaker *_Nullable CSentiICU_Breaker_clone(
    const CSentiICU_Breaker *_Nonnull breaker, int32_t *_Nonnull status);

void CSentiICU_Breaker_close(CSentiICU_Breaker *_Nonnull breaker);

/// Points the iterator at text, which must stay in place until the next call of `setText` or
/// `close`.
void CSentiICU_Breaker_setText(
    CSentiICU_Breaker *_Nonnull breaker, const uint16_t *_Nonnull text, int32_t length,
    int32_t *_Nonnull status);

/// How the kind of a word is found from its first character and the rule that ended it.
typedef struct {
  /// The kind of each character of the Basic Multilingual Plane that alone decides it (of a sign; of
  /// a letter or ideograph, whatever follows); others have `CSentiICU_unknownKind`.
  const uint8_t *_Nonnull ofFirst;
  /// The kind of letters, that of what dictionaries of Chinese and Japanese cut, and that of space.
  uint8_t word, ideograph, space;
} CSentiICU_Kinds;

/// What stands for kinds that `CSentiICU_Kinds` cannot tell: of signs, and of letters and digits.
enum { CSentiICU_unknownKind = 0xFF, CSentiICU_unknownWordKind = 0xFE };

/// A place in a text, in UTF-16 and in UTF-8.
typedef struct {
  int32_t unit;
  uint32_t byte;
} CSentiICU_Place;

/// Writes where the next units end in UTF-8 and, with a table, their kinds as words; at most
/// `capacity` of them. Moves the place behind them and returns how many there were; 0 at the end.
int32_t CSentiICU_Breaker_next(
    CSentiICU_Breaker *_Nonnull breaker, const uint16_t *_Nonnull text,
    CSentiICU_Place *_Nonnull place, int32_t capacity, uint32_t *_Nonnull ends,
    const CSentiICU_Kinds *_Nullable table, uint8_t *_Nullable kinds);

/// How a character takes part in a run that a dictionary cuts.
enum {
  CSentiICU_noRun = 0,
  /// Han from U+4E00 on, hiragana and katakana that are letters.
  CSentiICU_hanRun = 1,
  CSentiICU_thaiLetter = 2,
  CSentiICU_thaiMark = 3,
  /// Another character of a script that dictionaries cut.
  CSentiICU_otherRun = 4,
};

int32_t CSentiICU_runOf(uint32_t codePoint);

enum { CSentiICU_hanWords = 0, CSentiICU_thaiWords = 1 };

/// A dictionary of the linked ICU, which keeps it for as long as the process runs; NULL where the
/// linked ICU is not version 72, of which SentiText knows the rules, or its data have another form.
/// Receives the character from which the bytes of a trie of bytes count.
const void *_Nullable CSentiICU_dictionary(int32_t dictionary, int32_t *_Nonnull base);

// MARK: Normalization

/// A normalization form's data: owned by ICU, never closed, used by any thread.
typedef struct CSentiICU_Normalizer CSentiICU_Normalizer;

enum {
  CSentiICU_nfc = 0,
  CSentiICU_nfd = 1,
  CSentiICU_nfkc = 2,
  CSentiICU_nfkd = 3,
};

const CSentiICU_Normalizer *_Nullable CSentiICU_Normalizer_instance(
    int32_t form, int32_t *_Nonnull status);

/// Whether text may be cut before this code point without changing its normalization.
bool CSentiICU_Normalizer_hasBoundaryBefore(
    const CSentiICU_Normalizer *_Nonnull normalizer, uint32_t codePoint);

/// Whether a code point is a starter that is in a form already, whatever stands beside it.
bool CSentiICU_isNormalStarter(int32_t form, uint32_t codePoint);

/// The length of the text's normalized beginning; it ends at a normalization boundary.
int32_t CSentiICU_Normalizer_normalizedPrefix(
    const CSentiICU_Normalizer *_Nonnull normalizer, const uint16_t *_Nonnull text, int32_t length,
    int32_t *_Nonnull status);

/// Normalizes into `destination` and returns the length that it has or needs.
int32_t CSentiICU_Normalizer_normalize(
    const CSentiICU_Normalizer *_Nonnull normalizer, const uint16_t *_Nonnull text, int32_t length,
    uint16_t *_Nonnull destination, int32_t capacity, int32_t *_Nonnull status);

// MARK: Characters

/// Writes the full case folding of one code point, at most 6 units, and returns how many.
int32_t CSentiICU_foldCase(uint32_t codePoint, uint16_t *_Nonnull destination6);

/// The first position at or after `from` in well-formed UTF-8 that holds a character beyond ASCII
/// which full case folding changes, or `count`.
int64_t CSentiICU_firstFolded(const uint8_t *_Nonnull text, int64_t from, int64_t count);

/// Writes a text in lower case by a locale's rules and returns the length that it has or needs.
int32_t CSentiICU_lowercase(
    const char *_Nonnull locale, const uint16_t *_Nonnull text, int32_t length,
    uint16_t *_Nonnull destination, int32_t capacity, int32_t *_Nonnull status);

/// Whether a character is of the Latin, Greek or Cyrillic script.
bool CSentiICU_takesAccents(uint32_t codePoint);

/// The short name of a character's script ("Latn"), a static string.
const char *_Nonnull CSentiICU_scriptName(uint32_t codePoint);

/// Properties that a character has or has not, with ICU's numbers.
enum {
  CSentiICU_alphabetic = 0,
  CSentiICU_defaultIgnorable = 5,
  CSentiICU_whiteSpace = 31,
  CSentiICU_cased = 49,
  CSentiICU_caseIgnorable = 50,
  CSentiICU_emoji = 57,
  CSentiICU_emojiPresentation = 58,
};

bool CSentiICU_hasProperty(uint32_t codePoint, int32_t property);

/// Sets of general categories, a bit each, with ICU's numbers.
enum {
  CSentiICU_letters = 0x3E,
  CSentiICU_nonspacingMarks = 0x40,
  CSentiICU_decimalDigits = 0x200,
  CSentiICU_numbers = 0xE00,
  CSentiICU_controlsAndFormats = 0x18000,
  CSentiICU_punctuation = 0x30F80000,
};

bool CSentiICU_isOfCategories(uint32_t codePoint, uint32_t categories);

/// The canonical combining class, 0 to 254.
uint8_t CSentiICU_combiningClass(uint32_t codePoint);

// MARK: Encodings

/// A converter from one encoding. Owned by whoever opened it; used by one thread at a time.
typedef struct CSentiICU_Converter CSentiICU_Converter;

/// The part of a text that is converted next.
typedef struct {
  /// Where it begins and ends in the bytes given; a conversion moves `from` behind what it took.
  int64_t from, end;
  /// Whether no text follows.
  bool isLast;
  /// Receives whether the destination was too small, so that the same must be called again.
  bool isFull;
} CSentiICU_Stretch;

/// Opens a converter by a name that ICU knows; the caller closes it. NULL when status reports a
/// failure, or when there is no memory.
CSentiICU_Converter *_Nullable CSentiICU_Converter_open(
    const char *_Nonnull encoding, int32_t *_Nonnull status);

void CSentiICU_Converter_close(CSentiICU_Converter *_Nonnull converter);

/// Converts a part of a text to UTF-8 and returns how many bytes that is, at most `capacity`, which
/// must be 16 or more. What is no character of the encoding becomes one byte 0xFF.
int64_t CSentiICU_Converter_convert(
    CSentiICU_Converter *_Nonnull converter, const uint8_t *_Nonnull source,
    CSentiICU_Stretch *_Nonnull stretch, uint8_t *_Nonnull destination, int64_t capacity,
    int32_t *_Nonnull status);

#endif
