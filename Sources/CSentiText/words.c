#include "CSentiText.h"

#include <string.h>

_Static_assert(sizeof(CSentiText_Slot) == 16, "Swift allocates slots as pairs of 64-bit words");

/// The first bytes of a word, at most 8, and zeros.
static inline uint64_t prefix(
    const uint8_t *text, int64_t start, int64_t length, int64_t count) {
  uint64_t bytes = 0;
  if (start + 8 > count) {
    memcpy(&bytes, text + start, length < 8 ? (size_t)length : 8);
    return bytes;
  }
  memcpy(&bytes, text + start, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return length < 8 ? bytes & ~(UINT64_MAX >> (8 * length)) : bytes;
#else
  return length < 8 ? bytes & ~(UINT64_MAX << (8 * length)) : bytes;
#endif
}

static inline uint64_t mixed(uint64_t value) {
  unsigned __int128 product = (unsigned __int128)(value ^ value >> 29) * 0x9E3779B97F4A7C15u;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// What a slot holds of a word: its bytes when they fit, else a hash of them.
static inline uint64_t keyOf(
    const uint8_t *text, int64_t start, int64_t length, int64_t count) {
  uint64_t key = prefix(text, start, length, count);
  for (int64_t offset = 8; offset < length; offset += 8) {
    key = mixed(key) ^ prefix(text, start + offset, length - offset, count);
  }
  return key;
}

static inline int64_t home(uint64_t key, int64_t length, int64_t slotCount) {
  return (int64_t)(mixed(key + (uint64_t)length * 0xD6E8FEB86659FD93u) & (uint64_t)(slotCount - 1));
}

static inline bool holds(
    const CSentiText_Words *table, const CSentiText_Slot *slot, uint64_t key, const uint8_t *text,
    int64_t start, int64_t length) {
  if (slot->key != key || slot->length != (uint32_t)length) return false;
  if (length <= 8) return true;
  const uint8_t *word = table->words + table->offsets[slot->number - 1];
  for (int64_t offset = 0; offset + 8 < length; offset += 8) {
    if (memcmp(word + offset, text + start + offset, 8) != 0) return false;
  }
  return memcmp(word + length - 8, text + start + length - 8, 8) == 0;
}

/// The slot of a word whose key and home are known, or the empty slot where it belongs.
static inline int64_t slotFrom(
    const CSentiText_Words *table, int64_t place, uint64_t key, const uint8_t *text, int64_t start,
    int64_t length) {
  while (table->slots[place].number != 0 &&
         !holds(table, table->slots + place, key, text, start, length)) {
    place = (place + 1) & (table->slotCount - 1);
  }
  return place;
}

int64_t CSentiText_findSlot(
    const CSentiText_Words *table, const uint8_t *text, int64_t start, int64_t length,
    int64_t count) {
  uint64_t key = keyOf(text, start, length, count);
  return slotFrom(table, home(key, length, table->slotCount), key, text, start, length);
}

void CSentiText_fillSlot(
    CSentiText_Slot *slot, const uint8_t *text, int64_t start, int64_t length, int64_t count,
    uint32_t number) {
  *slot = (CSentiText_Slot){keyOf(text, start, length, count), (uint32_t)length, number};
}

void CSentiText_moveSlots(
    const CSentiText_Slot *from, int64_t fromCount, CSentiText_Slot *to, int64_t toCount) {
  for (const CSentiText_Slot *slot = from; slot < from + fromCount; slot++) {
    if (slot->number == 0) continue;
    int64_t place = home(slot->key, slot->length, toCount);
    while (to[place].number != 0) place = (place + 1) & (toCount - 1);
    to[place] = *slot;
  }
}

// Words are looked up in groups: all homes of a group are asked for before the first is compared,
// so that the waits for memory overlap.
enum { groupSize = 64 };

typedef struct {
  uint64_t key;
  int64_t start;
  uint32_t length, home;
} Query;

static void ask(
    const CSentiText_Words *table, const uint8_t *text, int64_t count, Query *queries,
    int64_t queryCount) {
  for (int64_t index = 0; index < queryCount; index++) {
    Query *query = queries + index;
    query->key = keyOf(text, query->start, query->length, count);
    query->home = (uint32_t)home(query->key, query->length, table->slotCount);
    __builtin_prefetch(table->slots + query->home);
  }
}

static void answer(
    const CSentiText_Words *table, const uint8_t *text, const Query *queries, int64_t queryCount,
    uint32_t unknown, uint32_t *numbers) {
  for (int64_t index = 0; index < queryCount; index++) {
    const Query *query = queries + index;
    int64_t place =
        slotFrom(table, query->home, query->key, text, query->start, query->length);
    uint32_t number = table->slots[place].number;
    numbers[index] = number == 0 ? unknown : number - 1;
  }
}

int64_t CSentiText_lookUp(
    const CSentiText_Words *table, const uint8_t *text, int64_t start, int64_t count,
    const uint32_t *ends, const uint8_t *kinds, int64_t tokenCount, uint8_t skippedKind,
    uint32_t unknown, uint32_t *numbers) {
  Query queries[groupSize + 1];
  int64_t written = 0;
  for (int64_t token = 0, position = start; token < tokenCount;) {
    int64_t pending = 0;
    // Without a branch, because words and spaces come in no order that could be foreseen.
    for (; token < tokenCount && pending < groupSize; token++) {
      queries[pending].start = position;
      queries[pending].length = (uint32_t)(start + ends[token] - position);
      position = start + ends[token];
      pending += kinds[token] != skippedKind;
    }
    ask(table, text, count, queries, pending);
    answer(table, text, queries, pending, unknown, numbers + written);
    written += pending;
  }
  return written;
}
