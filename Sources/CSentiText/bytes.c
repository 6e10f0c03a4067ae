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
  while (from < count && text[from] < 0x80) from++;
  return from;
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
