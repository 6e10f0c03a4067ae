// Walks through a trie of ICU's, written once for tries of bytes and once for those of 16-bit units
// (bytestrie.h, ucharstrie.h). Part of dictionary.c, which defines:
//
// UNIT, NAME(word)          the type of a unit, and a name for the functions of that type
// firstLinear, firstValue   from where on a node is a stretch without branches, or has a value
// isLast(node)              whether the node of a value has no others behind it
// NAME(jump)(at)            follows the distance that is written at a place
// NAME(skipDistance)(at)    passes over it
// NAME(number)(&at, node)   reads the rest of a number that a branch holds
// NAME(skipValue)(&at, node) passes over a value, and returns the node behind it

typedef struct {
  const UNIT *at;
  /// How many units are left of a stretch without branches, less one; -1 at a node.
  int32_t rest;
} NAME(Place);

static inline int NAME(valueOf)(int32_t node) {
  return node < firstValue ? noValue : isLast(node) ? lastValue : value;
}

static int NAME(branch)(NAME(Place) *place, const UNIT *at, int32_t length, UNIT unit) {
  if (length == 0) length = *at++;
  length++;
  while (length > 5) {
    if (unit < *at++) {
      length >>= 1;
      at = NAME(jump)(at);
    } else {
      length -= length >> 1;
      at = NAME(skipDistance)(at);
    }
  }
  for (; length > 1; length--) {
    bool isIt = unit == *at++;
    int32_t node = *at++;
    if (isIt && isLast(node)) {
      place->at = at - 1;
      return lastValue;
    }
    int32_t distance = NAME(number)(&at, node);
    if (!isIt) continue;
    place->at = at + distance;
    return NAME(valueOf)(*place->at);
  }
  if (unit != *at++) return noMatch;
  place->at = at;
  return NAME(valueOf)(*at);
}

static int NAME(step)(NAME(Place) *place, UNIT unit) {
  const UNIT *at = place->at;
  if (place->rest < 0) {
    int32_t node = *at++;
    while (node >= firstValue) {
      if (isLast(node)) return noMatch;
      node = NAME(skipValue)(&at, node);
    }
    if (node < firstLinear) return NAME(branch)(place, at, node, unit);
    place->rest = node - firstLinear;
  }
  if (unit != *at++) return noMatch;
  place->at = at;
  return --place->rest < 0 ? NAME(valueOf)(*at) : noValue;
}

#undef UNIT
#undef NAME
#undef firstLinear
#undef firstValue
#undef isLast
