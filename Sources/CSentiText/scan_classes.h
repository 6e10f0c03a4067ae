// The classes of characters, and a window of text of which every byte has one. Part of scan.c.

#ifndef CSentiText_scan_classes_h
#define CSentiText_scan_classes_h

#include "CSentiText.h"

enum {
  letter = CSentiText_letter,
  digit = CSentiText_digit,
  word = CSentiText_letter | CSentiText_digit | CSentiText_connector,
  middle = CSentiText_betweenLetters | CSentiText_betweenDigits,
  foreign = CSentiText_foreign,
  // In a window's classes the bit of `foreign` means: a character's second or later byte.
  continuation = CSentiText_foreign,
  windowSize = CSentiText_windowSize,
  // Places decided at once; vectors of 16 bytes are what every machine has.
  blockSize = 64,
  vectorSize = 16,
  // Room before a window's classes for two neighbours, and behind for a block and a character.
  margin = 64,
};

_Static_assert(CSentiText_betweenLetters == letter << 3, "scan shifts classes by 3");
_Static_assert(CSentiText_betweenDigits == digit << 3, "scan shifts classes by 3");

/// The index of a character of three bytes in the tables; -1 when it is not tabulated.
static inline int32_t longIndex(const uint8_t *text) {
  int32_t unit = (text[0] & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F);
  if (unit >= CSentiText_firstHan && unit <= CSentiText_lastHan) return CSentiText_hanIndex;
  switch (unit >> 7) {
    case CSentiText_firstThai >> 7: return CSentiText_thaiIndex + (unit & 0x7F);
    case CSentiText_firstKana >> 7:
    case (CSentiText_firstKana >> 7) + 1: return CSentiText_kanaIndex + (unit & 0xFF);
    case CSentiText_firstFullWidth >> 7: return CSentiText_fullWidthIndex + (unit & 0x7F);
    case CSentiText_firstPunctuation >> 7: break;
    default: return -1;
  }
  int32_t offset = unit & 0x7F;
  return offset < CSentiText_punctuationCount ? CSentiText_punctuationIndex + offset : -1;
}

/// The index of a character in the tables, and how many bytes it has; -1 when it is not tabulated.
static inline int32_t characterIndex(const uint8_t *text, int32_t *length) {
  uint8_t lead = text[0];
  if (lead < 0x80) {
    *length = 1;
    return lead;
  }
  if (lead < 0xE0) {
    int32_t character = (lead & 0x1F) << 6 | (text[1] & 0x3F);
    *length = 2;
    return character < CSentiText_lowCharacterCount ? character : -1;
  }
  *length = lead < 0xF0 ? 3 : 4;
  return lead < 0xF0 ? longIndex(text) : -1;
}

static inline uint8_t classAt(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t position, int64_t count,
    int32_t *length) {
  if (position >= count) return 0;
  int32_t index = characterIndex(text + position, length);
  return index < 0 ? foreign : rules->classes[index];
}

/// A window of text while it is scanned: a class and a kind for each byte, and the tokens that
/// begin with a digit or a connector.
typedef struct {
  uint8_t classStorage[margin + windowSize + 3 * margin];
  uint8_t kindStorage[windowSize + margin];
  uint16_t mixedTokens[windowSize + margin];
  int64_t mixedCount;
  /// Whether there are runs for dictionaries, and where in the text the last of Han and Thai end.
  bool hasRuns;
  int64_t hanEnd, thaiEnd;
} Scratch;

static inline uint8_t *classesOf(Scratch *scratch) { return scratch->classStorage + margin; }

/// Finds the classes of a character of a run, of its first byte and of the others; false where the
/// rules would join a run of Han with what stands beside it, or a mark with what is no Thai.
static inline bool classifyRun(
    Scratch *scratch, int64_t position, uint8_t before, uint8_t next, uint8_t *own,
    uint8_t *first) {
  scratch->hasRuns = true;
  if (*own == CSentiText_han) {
    if ((before | (next < CSentiText_han ? next : 0)) & CSentiText_connector) return false;
    *own = 0;
    *first = scratch->hanEnd == position ? continuation : 0;
    scratch->hanEnd = position + 3;
    return true;
  }
  bool isMark = *own == CSentiText_thaiMark;
  if (isMark && scratch->thaiEnd != position) return false;
  *own = letter;
  *first = isMark ? letter | continuation : letter;
  scratch->thaiEnd = position + 3;
  return true;
}

/// Classifies a character of two or three bytes and returns its length; 0 when it is foreign.
///
/// A mark between letters or between digits that joins them gets their class at once, so that the
/// rules for such marks need only regard those of one byte.
static int32_t classifyLong(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t position, int64_t count,
    Scratch *scratch, uint8_t *class, uint8_t *kind) {
  int32_t length = 0, nextLength;
  uint8_t own = classAt(rules, text, position, count, &length), first;
  if (own == foreign) return 0;
  bool looksAhead = own == CSentiText_han || (own < CSentiText_han && own & middle);
  uint8_t next =
      looksAhead ? classAt(rules, text, position + length, count, &nextLength) : 0;
  if (own >= CSentiText_han) {
    if (!classifyRun(scratch, position, class[-1], next, &own, &first)) return 0;
  } else {
    if (own & middle) own = (own >> 3) & class[-1] & next & (letter | digit);
    first = own;
  }
  kind[0] = rules->kinds[characterIndex(text + position, &length)];
  class[0] = first;
  for (int32_t offset = 1; offset < length; offset++) class[offset] = own | continuation;
  return length;
}

/// Classifies the bytes of ASCII among 64 at most, and returns a bit for each of the others.
static uint64_t classifyBlock(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t count, uint8_t *classes,
    uint8_t *kinds) {
  uint64_t others = 0;
  for (int64_t index = 0; index < count; index++) {
    uint8_t byte = text[index];
    classes[index] = rules->classes[byte & 0x7F];
    kinds[index] = rules->kinds[byte & 0x7F];
    others |= (uint64_t)(byte >> 7) << index;
  }
  return others;
}

typedef uint64_t ClassifyBlock(
    const CSentiText_Rules *, const uint8_t *, int64_t, uint8_t *, uint8_t *);

/// Classifies text up to a limit or a foreign character, and returns where it stopped.
static int64_t classify(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t from, int64_t limit, int64_t count,
    Scratch *scratch, ClassifyBlock *classifyBlock) {
  uint8_t *classes = classesOf(scratch) - from, *kinds = scratch->kindStorage - from;
  int64_t position = from;
  while (position < limit) {
    int64_t block = position;
    int64_t length = limit - block < blockSize ? limit - block : blockSize;
    uint64_t others =
        classifyBlock(rules, text + block, length, classes + block, kinds + block);
    position = block + length;
    while (others != 0) {
      int64_t place = block + __builtin_ctzll(others);
      int32_t longLength =
          classifyLong(rules, text, place, count, scratch, classes + place, kinds + place);
      if (longLength == 0) return place;
      int64_t next = place + longLength;
      if (next >= position) {
        position = next;
        break;
      }
      others &= UINT64_MAX << (next - block);
    }
  }
  return position;
}

#endif
