// Word boundaries of characters whose classes are tabulated.
//
// A window of text is classified first, one class a byte; all bytes of a character have its class.
// Then every place between two bytes is decided at once, 64 places a step, by rules of UAX #29 that
// look at most two characters to either side. Runs that these rules do not cut are cut by dictionaries.
// A character without a class ends the window: the words around it, from space to space, are ICU's.

#include "scan_runs.h"

#if defined(__x86_64__)
#include "scan_avx512.h"
#endif

/// The two loops that have a form for some machines of their own.
typedef struct {
  ClassifyBlock *classifyBlock;
  WriteTokens *writeTokens;
} Loops;

static Loops loopsOfThisMachine(bool plain) {
#if defined(__x86_64__)
  if (!plain && hasAVX512()) return (Loops){classifyBlock_avx512, writeTokens_avx512};
#endif
  return (Loops){classifyBlock, writeTokens};
}

CSentiText_Window CSentiText_scan(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t from, int64_t count,
    uint32_t *ends, uint8_t *kinds) {
  Scratch scratch;
  uint8_t *classes = classesOf(&scratch);
  Loops loops = loopsOfThisMachine(rules->isPlain);
  classes[-1] = classes[-2] = 0;
  scratch.mixedCount = 0;
  scratch.hasRuns = false;
  scratch.hanEnd = scratch.thaiEnd = -1;
  // A character may reach beyond the limit by three bytes.
  int64_t limit = count - from > windowSize - 4 ? from + windowSize - 4 : count;
  int64_t stop = classify(rules, text, from, limit, count, &scratch, loops.classifyBlock);
  memset(classes + (stop - from), 0, 2 * margin);
  int64_t end =
      stop == count ? count : from + lastCertainBoundary(text + from, classes, stop - from);
  int64_t tokenCount;
  if (scratch.hasRuns) {
    tokenCount = writeTokensAndRuns(
        rules, text + from, &scratch, end - from, loops.writeTokens, ends, kinds);
  } else {
    tokenCount = loops.writeTokens(rules, text + from, &scratch, end - from, ends, kinds);
    settleMixedKinds(rules, &scratch, ends, kinds);
  }
  bool isForeign = stop < limit || (end == from && stop < count);
  int64_t foreignEnd = isForeign ? firstCertainBoundary(rules, text, stop, count) : end;
  return (CSentiText_Window){tokenCount, end, foreignEnd};
}
