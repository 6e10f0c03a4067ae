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

int64_t CSentiText_firstMarkup(const uint8_t *text, int64_t from, int64_t count) {
  while (from + blockSize <= count) {
    Block block = load(text + from);
    if (anyByte((Block)((block == '<') | (block == '&')))) break;
    from += blockSize;
  }
  while (from < count && text[from] != '<' && text[from] != '&') from++;
  return from;
}

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
