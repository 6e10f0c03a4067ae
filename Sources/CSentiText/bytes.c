#include "CSentiText.h"

#include <string.h>

// Vectors of 16 bytes are what every machine has.
enum { blockSize = 16 };
typedef uint8_t Block __attribute__((vector_size(blockSize)));

/// Whether any byte of a block is not zero.
static inline bool anyByte(Block block) {
  uint64_t halves[2];
  memcpy(halves, &block, blockSize);
  return (halves[0] | halves[1]) != 0;
}

static inline Block load(const uint8_t *text) {
  Block block;
  memcpy(&block, text, blockSize);
  return block;
}

int64_t CSentiText_firstNonASCII(const uint8_t *text, int64_t from, int64_t count) {
  while (from + blockSize <= count && !anyByte(load(text + from) & 0x80)) from += blockSize;
  for (; from + 8 <= count; from += 8) {
    uint64_t high;
    memcpy(&high, text + from, 8);
    high &= 0x8080808080808080;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (high != 0) return from + __builtin_ctzll(high) / 8;
#else
    if (high != 0) return from + __builtin_clzll(high) / 8;
#endif
  }
  while (from < count && text[from] < 0x80) from++;
  return from;
}

/// The length of a well-formed character beyond ASCII, of which at most `room` bytes may be read; 0
/// where there is none.
static inline int64_t lengthOfCharacter(const uint8_t *text, int64_t room) {
  uint8_t lead = text[0];
  if (lead < 0xC2 || lead > 0xF4 || room < 2) return 0;
  uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (text[1] < least || text[1] > most) return 0;
  int64_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length > room || (length > 2 && (text[2] & 0xC0) != 0x80)) return 0;
  return length < 4 || (text[3] & 0xC0) == 0x80 ? length : 0;
}

static bool isWellFormed(const uint8_t *text, int64_t count) {
  int64_t position = 0;
  while ((position = CSentiText_firstNonASCII(text, position, count)) < count) {
    do {
      int64_t length = lengthOfCharacter(text + position, count - position);
      if (length == 0) return false;
      position += length;
    } while (position < count && text[position] >= 0x80);
  }
  return true;
}

#if defined(__x86_64__)
#include "bytes_avx512.h"
#endif

bool CSentiText_isWellFormed(const uint8_t *text, int64_t count, bool isPlain) {
#if defined(__x86_64__)
  if (!isPlain && hasAVX512()) return isWellFormed_avx512(text, count);
#endif
  return isWellFormed(text, count);
}

/// The byte at an index; 0 behind the end.
static inline uint8_t byteAt(const uint8_t *text, int64_t index, int64_t count) {
  return index < count ? text[index] : 0;
}

/// Whether a byte, or each of a block, lies in a range, or is a letter in either case.
#define IN(x, low, high) (((x) >= (low)) & ((x) <= (high)))
#define OUTSIDE(x, low, high) (((x) < (low)) | ((x) > (high)))
#define LETTER(x, small) (((x) | 0x20) == (small))

/// Defines a search for the first place that passes a test on its byte `a` and the next four `b` to
/// `e`, 0 behind the end. The test has no branches, so that it is one for bytes and for blocks.
#define FIRST(name, test)                                                                 \
  int64_t CSentiText_first##name(const uint8_t *text, int64_t from, int64_t count) {      \
    while (from + blockSize + 4 <= count) {                                               \
      Block a = load(text + from), b = load(text + from + 1), c = load(text + from + 2);  \
      Block d = load(text + from + 3), e = load(text + from + 4);                         \
      (void)b, (void)c, (void)d, (void)e;                                                 \
      if (anyByte((Block)(test))) break;                                                  \
      from += blockSize;                                                                  \
    }                                                                                     \
    for (; from < count; from++) {                                                        \
      uint8_t a = text[from], b = byteAt(text, from + 1, count);                          \
      uint8_t c = byteAt(text, from + 2, count), d = byteAt(text, from + 3, count);       \
      uint8_t e = byteAt(text, from + 4, count);                                          \
      (void)b, (void)c, (void)d, (void)e;                                                 \
      if (test) break;                                                                    \
    }                                                                                     \
    return from;                                                                          \
  }

FIRST(Markup, (a == '<') | (a == '&'))

FIRST(MarkupEvent, (a == '<') | (a == '&') | (a == '>'))

FIRST(Tag, (a == '<') | ((a == ']') & (b == ']') & (c == '>')))

FIRST(Typography,
      IN(a, 0, 8) | IN(a, 0x0E, 0x1F) | (a == 0x7F) | (a == '`') | (a == 0xF3) |
          ((a == '\'') & (b == '\'')) | ((a == '\\') & ((b == '/') | (b == '\'') | (b == '"'))) |
          ((a == '-') & LETTER(d, 'b') & (e == '-')) |
          ((a == 0xE2) & (IN(b, 0x80, 0x81) | (b == 0x88))) | ((a == 0xCA) & (b == 0xBC)) |
          ((a == 0xC2) & (IN(b, 0x91, 0x97) | (b == 0xAB) | (b == 0xAD) | (b == 0xB4) | (b == 0xBB))) |
          ((a == 0xCD) & (b == 0x8F)) | ((a == 0xD8) & (b == 0x9C)) |
          ((a == 0xEF) & ((b == 0xB8) | (b == 0xBB) | (b == 0xBC) | (b == 0xBF))))

FIRST(Address, (a == '@') | ((a == ':') & (b == '/') & (c == '/')) |
                   (LETTER(a, 'w') & LETTER(b, 'w') & LETTER(c, 'w') & (d == '.')))

FIRST(Emoticon, (a == ':') | (a == ';') | (a == '=') | (a == '<') | (a == '^') | (a == '_') |
                    (LETTER(a, 'x') & (b == 'D')))

FIRST(Rating, (a == '/') | (LETTER(a, 's') & LETTER(b, 't') & LETTER(c, 'a') & LETTER(d, 'r')) |
                  (LETTER(a, 't') & (b == ' ') & LETTER(c, 'o') & LETTER(d, 'f')) |
                  ((a == 0xE2) & ((b == 0x98) | (b == 0xAD))))

FIRST(Capitals, (IN(a, 'A', 'Z') & (IN(b, 'A', 'Z') | (b >= 0x80))) | IN(a, 0xC3, 0xD5))

FIRST(Elongation,
      ((a > 0x20) & (a == b) & (b == c) & ((a != '.') | (d == '.'))) |
          (((a == '!') | (a == '?')) & ((b == '!') | (b == '?'))) |
          ((a >= 0xC2) & (a == c) & (b == d) & (a == e)))

FIRST(Contraction, (a == '\'') | (LETTER(a, 'n') & LETTER(b, 't') & OUTSIDE(c | 0x20, 'a', 'z')) |
                       (LETTER(a, 'n') & LETTER(b, 'n') & LETTER(c, 'o') & LETTER(d, 't')))

FIRST(Emoji, (a == 0xF0) | (a == 0xE2) | (a == 0xE3))

void CSentiText_foldASCII(uint8_t *text, int64_t count) {
  for (int64_t index = 0; index < count; index++) {
    uint8_t byte = text[index];
    text[index] = byte | (uint8_t)((uint8_t)(byte - 'A') < 26) << 5;
  }
}

int64_t CSentiText_toUTF16(const uint8_t *text, int64_t from, int64_t to, uint16_t *units) {
  int64_t count = 0;
  while (from < to) {
    uint32_t lead = text[from];
    if (lead < 0x80) {
      units[count++] = (uint16_t)lead;
      from += 1;
    } else if (lead < 0xE0 && from + 1 < to) {
      units[count++] = (uint16_t)((lead & 0x1F) << 6 | (text[from + 1] & 0x3F));
      from += 2;
    } else if (lead < 0xF0 && from + 2 < to) {
      uint32_t middle = text[from + 1] & 0x3F, last = text[from + 2] & 0x3F;
      units[count++] = (uint16_t)((lead & 0x0F) << 12 | middle << 6 | last);
      from += 3;
    } else if (from + 3 < to) {
      uint32_t high = (lead & 0x07) << 18 | (uint32_t)(text[from + 1] & 0x3F) << 12;
      uint32_t scalar = high | (uint32_t)(text[from + 2] & 0x3F) << 6 | (text[from + 3] & 0x3F);
      units[count++] = (uint16_t)(0xD7C0 + (scalar >> 10));
      units[count++] = (uint16_t)(0xDC00 | (scalar & 0x3FF));
      from += 4;
    } else {
      return count;
    }
  }
  return count;
}
