// Word boundaries of characters whose classes are tabulated.
//
// A window of text is classified first, one class a byte; all bytes of a character have its class.
// Then every place between two bytes is decided at once, 64 places a step, by rules of UAX #29 that
// look at most two characters to either side. Runs that these rules do not cut are cut by dictionaries.
// A character without a class ends the window: the words around it, from space to space, are ICU's.

#include "CSentiText.h"
#include "dictionary.h"

#include <string.h>

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

// MARK: Classes

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

// MARK: Boundaries

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

// MARK: Tokens

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

#if defined(__x86_64__)
#include "scan_avx512.h"
#endif

// MARK: Runs

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

// MARK: Scanning

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
