// The places between two bytes that are boundaries, 64 at once, and those that are boundaries
// whatever stands around the window. Part of scan.c.

#ifndef CSentiText_scan_boundaries_h
#define CSentiText_scan_boundaries_h

#include <string.h>

#include "scan_classes.h"

typedef uint8_t Vector __attribute__((vector_size(vectorSize)));
typedef bool Bits __attribute__((ext_vector_type(vectorSize)));

static inline Vector load(const uint8_t *bytes) {
  Vector vector;
  memcpy(&vector, bytes, vectorSize);
  return vector;
}

/// A bit for each byte that is not zero.
static inline uint64_t bits(Vector vector) {
  Bits bits = __builtin_convertvector(vector != 0, Bits);
  uint16_t mask;
  memcpy(&mask, &bits, sizeof mask);
  return mask;
}

/// A bit for each of 16 places that joins two bytes, but for line ends.
static inline uint64_t joints(const uint8_t *class) {
  Vector before2 = load(class - 2), before = load(class - 1), here = load(class);
  Vector after = load(class + 1);
  Vector words = (Vector)((before & word) != 0) & (Vector)((here & word) != 0);
  // MidLetter and MidNum: letter or digit, mark, the same again; before the mark, and behind it.
  Vector middles = ((here >> 3) & before & after & (letter | digit)) |
                   ((before >> 3) & before2 & here & (letter | digit));
  Vector spaces = before & here & CSentiText_joiningSpace;
  return bits(words | middles | spaces | (here & continuation));
}

static inline uint64_t returns(const uint8_t *class) {
  return bits(load(class) & CSentiText_carriageReturn);
}

/// Clears the boundaries between a carriage return and a line feed.
static uint64_t withoutSplitLineEnds(uint64_t mask, uint64_t behindReturns, const uint8_t *text) {
  for (; behindReturns != 0; behindReturns &= behindReturns - 1) {
    if (text[__builtin_ctzll(behindReturns)] == '\n') mask &= ~(behindReturns & -behindReturns);
  }
  return mask;
}

/// A bit for each of 64 places: whether there is a boundary before the byte. Bits at or behind
/// `count` mean nothing.
static inline uint64_t boundaries(const uint8_t *class, const uint8_t *text, int64_t count) {
  uint64_t joined = 0, behindReturns = 0;
  for (int offset = 0; offset < blockSize; offset += vectorSize) {
    joined |= joints(class + offset) << offset;
    behindReturns |= returns(class + offset - 1) << offset;
  }
  if (count < blockSize) behindReturns &= ((uint64_t)1 << count) - 1;
  return behindReturns ? withoutSplitLineEnds(~joined, behindReturns, text) : ~joined;
}

/// Whether an ideographic full stop, exclamation or question mark ends at a place.
static inline bool isBehindStop(const uint8_t *text, int64_t end) {
  if (end < 3 || text[end - 3] < 0xE3) return false;
  const uint8_t *mark = text + end - 3;
  return (mark[0] == 0xE3 && mark[1] == 0x80 && mark[2] == 0x82) ||
         (mark[0] == 0xEF && mark[1] == 0xBC && (mark[2] == 0x81 || mark[2] == 0x9F));
}

/// The last boundary of a classified stretch that is one whatever follows: behind a space with a
/// character that is no space, behind a line feed, or between an ideographic stop and Han. 0 when there
/// is none.
static int64_t lastCertainBoundary(const uint8_t *text, const uint8_t *classes, int64_t count) {
  for (int64_t position = count; position > 0; position--) {
    if (text[position - 1] == '\n') return position;
    if (position == count) continue;
    if (text[position] >= 0xE5 && text[position] <= 0xE9 && isBehindStop(text, position)) {
      return position;
    }
    if (text[position - 1] == ' ' && !(classes[position] & CSentiText_joiningSpace)) return position;
  }
  return 0;
}

/// The first boundary behind `from` that is one whatever precedes it, and behind which no character
/// of other scripts follows for so long that starting ICU again afterwards pays.
static int64_t firstCertainBoundary(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t from, int64_t count) {
  enum { worthwhile = 64 };
  int64_t found = count;
  int32_t length = 1;
  for (int64_t position = from; position < count && position < found + worthwhile;
       position += length) {
    uint8_t class = classAt(rules, text, position, count, &length);
    if (class == foreign) found = count;
    if (class == foreign || found < count || position == from) continue;
    if (class == CSentiText_joiningSpace || class == CSentiText_thaiMark) continue;
    uint8_t before = text[position - 1];
    bool isCertain = before == ' ' || before == '\n' ||
                     (class == CSentiText_han && isBehindStop(text, position));
    if (isCertain) found = position;
  }
  return found;
}

#endif
