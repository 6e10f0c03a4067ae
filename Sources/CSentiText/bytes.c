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
