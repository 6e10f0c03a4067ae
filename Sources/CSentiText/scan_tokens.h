// The tokens between boundaries, and their kinds. Part of scan.c.

#ifndef CSentiText_scan_tokens_h
#define CSentiText_scan_tokens_h

#include "scan_boundaries.h"

/// The kind of a token of letters, digits and connectors: a letter anywhere makes a word, else a
/// digit a number, else the token is what its first sign is.
static uint8_t mixedKind(
    const CSentiText_Rules *rules, const uint8_t *classes, const uint8_t *kinds, int64_t length) {
  uint8_t best = kinds[0];
  for (int64_t position = 0; position < length; position++) {
    if (classes[position] & continuation) continue;
    if (kinds[position] == rules->wordKind) return rules->wordKind;
    if (kinds[position] == rules->numberKind) best = rules->numberKind;
  }
  return best;
}

/// Sets right the kinds of tokens that begin with a digit or a connector.
static void settleMixedKinds(
    const CSentiText_Rules *rules, Scratch *scratch, const uint32_t *ends, uint8_t *kinds) {
  for (int64_t index = 0; index < scratch->mixedCount; index++) {
    int64_t token = scratch->mixedTokens[index];
    int64_t start = token == 0 ? 0 : ends[token - 1];
    kinds[token] = mixedKind(
        rules, classesOf(scratch) + start, scratch->kindStorage + start, ends[token] - start);
  }
}

/// Writes the kind of the first character of a token, and remembers the token when others decide.
static inline void writeKind(
    const CSentiText_Rules *rules, Scratch *scratch, int64_t start, int64_t token,
    uint8_t *kinds) {
  kinds[token] = scratch->kindStorage[start];
  scratch->mixedTokens[scratch->mixedCount] = (uint16_t)token;
  scratch->mixedCount += (classesOf(scratch)[start] & word) && kinds[token] != rules->wordKind;
}

/// Writes the tokens of a classified stretch, of which both ends are boundaries: their ends, and
/// the kinds of their first characters.
static int64_t writeTokens(
    const CSentiText_Rules *rules, const uint8_t *text, Scratch *scratch, int64_t count,
    uint32_t *ends, uint8_t *kinds) {
  int64_t tokenCount = 0, start = 0;
  for (int64_t block = 0; block < count; block += blockSize) {
    uint64_t mask = boundaries(classesOf(scratch) + block, text + block, count - block);
    if (block == 0) mask &= ~(uint64_t)1;
    if (count - block < blockSize) mask &= ((uint64_t)1 << (count - block)) - 1;
    for (; mask != 0; mask &= mask - 1) {
      writeKind(rules, scratch, start, tokenCount, kinds);
      start = block + __builtin_ctzll(mask);
      ends[tokenCount++] = (uint32_t)start;
    }
  }
  if (start == count) return tokenCount;
  writeKind(rules, scratch, start, tokenCount, kinds);
  ends[tokenCount++] = (uint32_t)count;
  return tokenCount;
}

typedef int64_t WriteTokens(
    const CSentiText_Rules *, const uint8_t *, Scratch *, int64_t, uint32_t *, uint8_t *);

#endif
