// The words of scripts that are written without spaces, cut as ICU 72 cuts them.
//
// ICU spends nine tenths of its time on Chinese, Japanese and Thai in walks through its dictionaries.
// The dictionaries are read here where ICU keeps them, in its format, and what it decides by them is
// decided by the same rules: for Chinese and Japanese the words whose costs have the least sum, for
// Thai the longest word that is followed by others.

#include "dictionary.h"

enum { noMatch = 0, noValue = 1, value = 2, lastValue = 3 };

// MARK: Tries of 16-bit units

/// Reads a number of which the lead unit is known; leads from `two` and `three` on have more units.
static inline int32_t wide(const uint16_t **at, int32_t lead, int32_t two, int32_t three) {
  if (lead < two) return lead;
  if (lead < three) return (lead - two) << 16 | *(*at)++;
  *at += 2;
  return (int32_t)((uint32_t)(*at)[-2] << 16 | (*at)[-1]);
}

static inline const uint16_t *jump16(const uint16_t *at) {
  int32_t lead = *at++;
  int32_t distance = wide(&at, lead, 0xFC00, 0xFFFF);
  return at + distance;
}

static inline const uint16_t *skipDistance16(const uint16_t *at) {
  int32_t lead = *at++;
  return at + (lead < 0xFC00 ? 0 : lead < 0xFFFF ? 1 : 2);
}

static inline int32_t number16(const uint16_t **at, int32_t node) {
  return wide(at, node & 0x7FFF, 0x4000, 0x7FFF);
}

static inline int32_t skipValue16(const uint16_t **at, int32_t node) {
  *at += node < 0x4040 ? 0 : node < 0x7FC0 ? 1 : 2;
  return node & 0x3F;
}

#define UNIT uint16_t
#define NAME(word) word##16
#define firstLinear 0x30
#define firstValue 0x40
#define isLast(node) (((node) & 0x8000) != 0)
#include "trie.h"

static int32_t valueAt16(const uint16_t *at) {
  int32_t lead = *at++;
  if (lead & 0x8000) return number16(&at, lead);
  if (lead < 0x4040) return (lead >> 6) - 1;
  if (lead < 0x7FC0) return ((lead & 0x7FC0) - 0x4040) << 10 | *at;
  return (int32_t)((uint32_t)at[0] << 16 | at[1]);
}

/// The step from the root, which has as many branches as there are characters: it is remembered.
static int firstStep(const CSentiText_Dictionary *dictionary, Place16 *place, uint16_t unit) {
  // Bits 0 and 1: the outcome; 2: known; 3 to 7: the rest, plus one; the others: the place.
  uint32_t *memory = dictionary->firstSteps + (unit - CSentiText_firstDictionaryUnit);
  uint32_t known = __atomic_load_n(memory, __ATOMIC_RELAXED);
  if (known & 4) {
    *place = (Place16){dictionary->han + (known >> 8), (int32_t)(known >> 3 & 31) - 1};
    return known & 3;
  }
  *place = (Place16){dictionary->han, -1};
  int outcome = step16(place, unit);
  int64_t offset = place->at - dictionary->han;
  if (offset < 1 << 24) {
    known = (uint32_t)offset << 8 | (uint32_t)(place->rest + 1) << 3 | 4 | (uint32_t)outcome;
    __atomic_store_n(memory, known, __ATOMIC_RELAXED);
  }
  return outcome;
}

// MARK: Chinese and Japanese

enum { longestWord = 20, unknownCost = 255, longestKatakana = 20 };

/// The cost of a run of katakana as one word, by its length.
static uint32_t katakanaCost(int32_t length) {
  static const uint32_t costs[] = {8192, 984, 408, 240, 204, 252, 300, 372, 480};
  return length > 8 ? 8192 : costs[length];
}

static inline bool isKatakana(uint16_t unit) {
  return unit >= 0x30A1 && unit <= 0x30FE && unit != 0x30FB;
}

/// The cheapest ways to the places of a run.
typedef struct {
  uint32_t costs[CSentiText_longestRun + 1];
  uint16_t from[CSentiText_longestRun + 1];
} Ways;

static inline void offer(Ways *ways, int32_t from, int32_t to, uint32_t cost) {
  if (ways->costs[from] + cost >= ways->costs[to]) return;
  ways->costs[to] = ways->costs[from] + cost;
  ways->from[to] = (uint16_t)from;
}

/// Offers the ways of all words that begin at a place.
static void offerWords(
    const CSentiText_Dictionary *dictionary, const uint16_t *units, int32_t count, int32_t start,
    Ways *ways) {
  int32_t limit = count - start < longestWord ? count - start : longestWord;
  Place16 place;
  int outcome = firstStep(dictionary, &place, units[start]);
  // A character that is no word is one all the same, the least likely of all.
  if (outcome < value) offer(ways, start, start + 1, unknownCost);
  for (int32_t length = 1; outcome != noMatch; length++) {
    if (outcome >= value) offer(ways, start, start + length, (uint32_t)valueAt16(place.at));
    if (outcome == lastValue || length == limit) return;
    outcome = step16(&place, units[start + length]);
  }
}

static void offerKatakana(const uint16_t *units, int32_t count, int32_t start, Ways *ways) {
  int32_t length = 1;
  while (start + length < count && length < longestKatakana && isKatakana(units[start + length])) {
    length++;
  }
  if (length < longestKatakana) offer(ways, start, start + length, katakanaCost(length));
}

int32_t CSentiText_cutHan(
    const CSentiText_Dictionary *dictionary, const uint16_t *units, int32_t count,
    uint16_t *ends) {
  Ways ways;
  for (int32_t place = 1; place <= count; place++) ways.costs[place] = UINT32_MAX;
  ways.costs[0] = 0;
  // Every place is reached, because each character is a word at some cost.
  for (int32_t start = 0; start < count; start++) {
    offerWords(dictionary, units, count, start, &ways);
    bool begins = isKatakana(units[start]) && (start == 0 || !isKatakana(units[start - 1]));
    if (begins) offerKatakana(units, count, start, &ways);
  }
  int32_t endCount = 0;
  for (int32_t place = count; place > 0; place = ways.from[place]) ends[endCount++] = place;
  for (int32_t low = 0, high = endCount - 1; low < high; low++, high--) {
    uint16_t end = ends[low];
    ends[low] = ends[high];
    ends[high] = end;
  }
  return endCount;
}

// MARK: Tries of bytes

/// Reads further bytes of a number, the highest first.
static inline int32_t longer(const uint8_t **at, int32_t high, int32_t count) {
  uint32_t number = (uint32_t)high;
  for (; count > 0; count--) number = number << 8 | *(*at)++;
  return (int32_t)number;
}

static inline int32_t distance8(const uint8_t **at) {
  int32_t lead = *(*at)++;
  if (lead < 0xC0) return lead;
  if (lead < 0xF0) return longer(at, lead - 0xC0, 1);
  if (lead < 0xFE) return longer(at, lead - 0xF0, 2);
  return longer(at, 0, lead == 0xFE ? 3 : 4);
}

static inline const uint8_t *jump8(const uint8_t *at) {
  int32_t distance = distance8(&at);
  return at + distance;
}

static inline const uint8_t *skipDistance8(const uint8_t *at) {
  (void)distance8(&at);
  return at;
}

static inline int32_t number8(const uint8_t **at, int32_t node) {
  int32_t lead = node >> 1;
  if (lead < 0x51) return lead - 0x10;
  if (lead < 0x6C) return longer(at, lead - 0x51, 1);
  if (lead < 0x7E) return longer(at, lead - 0x6C, 2);
  return longer(at, 0, lead == 0x7E ? 3 : 4);
}

static inline int32_t skipValue8(const uint8_t **at, int32_t node) {
  (void)number8(at, node);
  return *(*at)++;
}

#define UNIT uint8_t
#define NAME(word) word##8
#define firstLinear 0x10
#define firstValue 0x20
#define isLast(node) (((node) & 1) != 0)
#include "trie.h"

// MARK: Thai

enum {
  lookAhead = 3,
  mostCandidates = 20,
  // A word shorter than this takes what is no word behind it,
  combiningLength = 3,
  // unless that shares so many characters with a word.
  combiningPrefix = 3,
  shortestRun = 4,
  ellision = 0x0E2F,
  repetition = 0x0E46,
};

/// The words that begin at a place, by rising length, and which of them is preferred.
typedef struct {
  int32_t start, count, prefix, current, mark;
  uint8_t lengths[mostCandidates];
} Candidates;

typedef struct {
  const CSentiText_Dictionary *dictionary;
  const uint16_t *units;
  int32_t count, at;
  Candidates candidates[lookAhead];
} Thai;

static inline bool isMark(uint16_t unit) {
  return unit == 0x0E31 || (unit >= 0x0E34 && unit <= 0x0E3A) || (unit >= 0x0E47 && unit <= 0x0E4E);
}

static inline bool beginsWord(uint16_t unit) {
  return (unit >= 0x0E01 && unit <= 0x0E2E) || (unit >= 0x0E40 && unit <= 0x0E44);
}

static inline bool endsWord(uint16_t unit) {
  return unit != 0x0E31 && !(unit >= 0x0E40 && unit <= 0x0E44);
}

static inline bool isSuffix(uint16_t unit) { return unit == ellision || unit == repetition; }

static void match8(const Thai *thai, Candidates *found) {
  Place8 place = {thai->dictionary->thai, -1};
  found->count = found->prefix = 0;
  for (int32_t index = thai->at; index < thai->count;) {
    int outcome = step8(&place, (uint8_t)(thai->units[index++] - thai->dictionary->thaiBase));
    found->prefix++;
    if (outcome >= value && found->count < mostCandidates) {
      found->lengths[found->count++] = (uint8_t)(index - thai->at);
    }
    if (outcome == noMatch || outcome == lastValue) return;
  }
}

/// The words that begin where the text is; the text moves behind the longest.
static Candidates *candidates(Thai *thai, uint32_t slot) {
  Candidates *found = thai->candidates + slot % lookAhead;
  if (found->start != thai->at) {
    found->start = thai->at;
    match8(thai, found);
  }
  if (found->count > 0) thai->at = found->start + found->lengths[found->count - 1];
  found->mark = found->current = found->count - 1;
  return found;
}

static bool backUp(Thai *thai, Candidates *found) {
  if (found->current <= 0) return false;
  thai->at = found->start + found->lengths[--found->current];
  return true;
}

/// Marks the longest word that is followed by two others, else the longest that is followed by one.
static void preferFollowed(Thai *thai, uint32_t slot) {
  Candidates *first = thai->candidates + slot % lookAhead;
  if (thai->at >= thai->count) return;
  do {
    Candidates *second = candidates(thai, slot + 1);
    if (second->count == 0) continue;
    first->mark = first->current;
    if (thai->at >= thai->count) return;
    do {
      if (candidates(thai, slot + 2)->count > 0) {
        first->mark = first->current;
        return;
      }
    } while (backUp(thai, second));
  } while (backUp(thai, first));
}

/// Passes over what is no word, up to where a word may begin, and returns how much that was.
static int32_t skipUnknown(Thai *thai, int32_t start, uint32_t slot) {
  int32_t length = 0;
  while (true) {
    uint16_t previous = thai->units[start + length++];
    thai->at = start + length;
    if (thai->at >= thai->count) return length;
    if (!endsWord(previous) || !beginsWord(thai->units[thai->at])) continue;
    int32_t found = candidates(thai, slot + 1)->count;
    thai->at = start + length;
    if (found > 0) return length;
  }
}

static inline uint16_t unitAt(const Thai *thai, int32_t index) {
  return index < thai->count ? thai->units[index] : 0;
}

/// How many suffixes stand behind a word that no other word follows.
static int32_t suffixes(Thai *thai) {
  int32_t length = 0, end = thai->at;
  if (unitAt(thai, end) == ellision && !isSuffix(thai->units[end - 1])) length = 1;
  bool isRepeated = unitAt(thai, end + length) == repetition;
  if (isRepeated && thai->units[end + length - 1] != repetition) length++;
  return length;
}

int32_t CSentiText_cutThai(
    const CSentiText_Dictionary *dictionary, const uint16_t *units, int32_t count,
    uint16_t *ends) {
  if (count <= shortestRun) return 0;
  Thai thai = {.dictionary = dictionary, .units = units, .count = count, .at = 0};
  for (int32_t slot = 0; slot < lookAhead; slot++) thai.candidates[slot].start = -1;
  uint32_t wordCount = 0;
  int32_t endCount = 0;
  while (thai.at < count) {
    int32_t start = thai.at, length = 0;
    Candidates *found = candidates(&thai, wordCount);
    if (found->count > 0) {
      if (found->count > 1) preferFollowed(&thai, wordCount);
      length = found->lengths[found->mark];
      wordCount++;
    }
    thai.at = start + length;
    if (thai.at < count && length < combiningLength) {
      Candidates *next = candidates(&thai, wordCount);
      if (next->count == 0 && (length == 0 || next->prefix < combiningPrefix)) {
        bool isFirst = length == 0;
        length += skipUnknown(&thai, start + length, wordCount);
        wordCount += isFirst;
      }
      thai.at = start + length;
    }
    while (thai.at < count && isMark(units[thai.at])) thai.at++;
    length = thai.at - start;
    if (thai.at < count && length > 0) {
      bool isFollowed = candidates(&thai, wordCount)->count > 0;
      thai.at = start + length;
      if (!isFollowed) length += suffixes(&thai);
      thai.at = start + length;
    }
    ends[endCount++] = (uint16_t)(start + length);
  }
  // The last word ends where the run does; ICU counts the words without it.
  return wordCount > 1 ? endCount : 0;
}
