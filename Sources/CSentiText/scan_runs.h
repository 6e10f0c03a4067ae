// The tokens that dictionaries cut. Part of scan.c.

#ifndef CSentiText_scan_runs_h
#define CSentiText_scan_runs_h

#include "Dictionary/dictionary.h"
#include "scan_tokens.h"

/// Tokens that are written while others are read.
typedef struct {
  uint32_t *ends;
  uint8_t *kinds;
  int64_t count;
} Output;

static inline void put(Output *output, int64_t end, uint8_t kind) {
  output->ends[output->count] = (uint32_t)end;
  output->kinds[output->count++] = kind;
}

static inline uint16_t unitAt(const uint8_t *text) {
  return (uint16_t)((text[0] & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F));
}

/// Writes the words of a run of Han and kana.
static void putHan(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t start, int64_t end,
    Output *output) {
  uint16_t units[CSentiText_longestRun], ends[CSentiText_longestRun];
  int32_t count = 0;
  for (int64_t position = start; position < end; position += 3) {
    units[count++] = unitAt(text + position);
  }
  int32_t wordCount = CSentiText_cutHan(&rules->dictionary, units, count, ends);
  for (int32_t word = 0; word < wordCount; word++) {
    put(output, start + 3 * ends[word], rules->ideographKind);
  }
}

static inline bool isThaiAt(const CSentiText_Rules *rules, const uint8_t *text, int64_t position) {
  if (text[position] != 0xE0) return false;
  int32_t index = longIndex(text + position);
  return index >= 0 && rules->classes[index] >= CSentiText_han;
}

/// Writes the words of a token that holds letters of Thai, among others perhaps: it is cut inside the
/// runs of Thai only.
static void putThai(
    const CSentiText_Rules *rules, const uint8_t *text, const Scratch *scratch, int64_t start,
    int64_t end, uint8_t kind, Output *output) {
  uint16_t units[CSentiText_longestRun], ends[CSentiText_longestRun];
  int64_t position = start, cut = start;
  const uint8_t *classes = scratch->classStorage + margin;
  while (position < end) {
    int64_t runStart = position;
    int32_t count = 0;
    for (; position < end && isThaiAt(rules, text, position); position += 3) {
      units[count++] = unitAt(text + position);
    }
    int32_t wordCount = CSentiText_cutThai(&rules->dictionary, units, count, ends);
    // Where the run ends, the token need not.
    for (int32_t word = 0; word + 1 < wordCount; word++) {
      int64_t next = runStart + 3 * ends[word];
      put(output, next, mixedKind(rules, classes + cut, scratch->kindStorage + cut, next - cut));
      cut = next;
    }
    if (count == 0) position++;
  }
  bool isWhole = cut == start;
  put(output, end,
      isWhole ? kind
              : mixedKind(rules, classes + cut, scratch->kindStorage + cut, end - cut));
}

/// Cuts the runs among tokens by dictionaries, and returns how many tokens that makes.
static int64_t cutRuns(
    const CSentiText_Rules *rules, const uint8_t *text, const Scratch *scratch,
    const uint32_t *tokenEnds, const uint8_t *tokenKinds, int64_t tokenCount, uint32_t *ends,
    uint8_t *kinds) {
  Output output = {ends, kinds, 0};
  int64_t start = 0;
  for (int64_t token = 0; token < tokenCount; start = tokenEnds[token++]) {
    int64_t end = tokenEnds[token];
    int32_t index = text[start] < 0xE0 ? -1 : longIndex(text + start);
    if (index >= 0 && rules->classes[index] == CSentiText_han) {
      putHan(rules, text, start, end, &output);
    } else if (end - start > 3 && memchr(text + start, 0xE0, (size_t)(end - start))) {
      putThai(rules, text, scratch, start, end, tokenKinds[token], &output);
    } else {
      put(&output, end, tokenKinds[token]);
    }
  }
  return output.count;
}

/// Writes the tokens of a classified stretch that holds runs.
static int64_t writeTokensAndRuns(
    const CSentiText_Rules *rules, const uint8_t *text, Scratch *scratch, int64_t count,
    WriteTokens *write, uint32_t *ends, uint8_t *kinds) {
  uint32_t tokenEnds[CSentiText_windowRoom];
  uint8_t tokenKinds[CSentiText_windowRoom];
  int64_t tokenCount = write(rules, text, scratch, count, tokenEnds, tokenKinds);
  settleMixedKinds(rules, scratch, tokenEnds, tokenKinds);
  return cutRuns(rules, text, scratch, tokenEnds, tokenKinds, tokenCount, ends, kinds);
}

#endif
