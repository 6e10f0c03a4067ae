// The loops of scan.c for machines with AVX-512 VBMI2: tables of 128 bytes are looked up, places
// decided and tokens written 64 bytes at a time. Part of scan.c, and compared with its plain loops
// in tests.

#include "avx512.h"

WITH_AVX512 static uint64_t classifyBlock_avx512(
    const CSentiText_Rules *rules, const uint8_t *text, int64_t count, uint8_t *classes,
    uint8_t *kinds) {
  __mmask64 inside = count < 64 ? ((__mmask64)1 << count) - 1 : ~(__mmask64)0;
  __m512i bytes = _mm512_maskz_loadu_epi8(inside, text);
  // The tables' index is the lower seven bits of a byte.
  __m512i byteClasses = _mm512_permutex2var_epi8(
      _mm512_loadu_si512(rules->classes), bytes, _mm512_loadu_si512(rules->classes + 64));
  __m512i byteKinds = _mm512_permutex2var_epi8(
      _mm512_loadu_si512(rules->kinds), bytes, _mm512_loadu_si512(rules->kinds + 64));
  _mm512_mask_storeu_epi8(classes, inside, byteClasses);
  _mm512_mask_storeu_epi8(kinds, inside, byteKinds);
  return _mm512_movepi8_mask(bytes);
}

WITH_AVX512 static inline uint64_t boundaries_avx512(
    const uint8_t *class, const uint8_t *text, int64_t count) {
  __m512i before2 = _mm512_loadu_si512(class - 2), before = _mm512_loadu_si512(class - 1);
  __m512i here = _mm512_loadu_si512(class), after = _mm512_loadu_si512(class + 1);
  __m512i words = _mm512_set1_epi8(word), both = _mm512_set1_epi8(letter | digit);
  // Shifts of bytes by 3: bits that come from the neighbouring byte are masked away by `both`.
  __m512i mark = _mm512_and_si512(_mm512_srli_epi16(here, 3), both);
  __m512i markBefore = _mm512_and_si512(_mm512_srli_epi16(before, 3), both);
  uint64_t joined =
      (_mm512_test_epi8_mask(before, words) & _mm512_test_epi8_mask(here, words)) |
      _mm512_test_epi8_mask(mark, _mm512_and_si512(before, after)) |
      _mm512_test_epi8_mask(markBefore, _mm512_and_si512(before2, here)) |
      _mm512_test_epi8_mask(
          _mm512_and_si512(before, here), _mm512_set1_epi8(CSentiText_joiningSpace)) |
      _mm512_test_epi8_mask(here, _mm512_set1_epi8(continuation));
  uint64_t behindReturns =
      _mm512_test_epi8_mask(before, _mm512_set1_epi8((char)CSentiText_carriageReturn));
  if (count < blockSize) behindReturns &= ((uint64_t)1 << count) - 1;
  return behindReturns ? withoutSplitLineEnds(~joined, behindReturns, text) : ~joined;
}

/// Writes the places of a block's bits, a 32-bit number each; up to 15 more numbers are
/// overwritten.
WITH_AVX512 static inline void writePlaces_avx512(uint64_t mask, int64_t block, uint32_t *places) {
  static const uint8_t counting[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i offsets = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(counting));
  __m512i base = _mm512_set1_epi32((int32_t)block);
  int64_t count = __builtin_popcountll(mask);
  for (int64_t index = 0; index < count; index += 16) {
    __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets));
    _mm512_storeu_si512(places + index, _mm512_add_epi32(wide, base));
    offsets = _mm512_alignr_epi32(offsets, offsets, 4);
  }
}

WITH_AVX512 static int64_t writeTokens_avx512(
    const CSentiText_Rules *rules, const uint8_t *text, Scratch *scratch, int64_t count,
    uint32_t *ends, uint8_t *kinds) {
  if (count == 0) return 0;
  int64_t tokenCount = 0;
  const uint8_t *classes = classesOf(scratch);
  for (int64_t block = 0; block < count; block += blockSize) {
    int64_t rest = count - block;
    uint64_t starts = boundaries_avx512(classes + block, text + block, rest);
    if (block == 0) starts |= 1;
    if (rest < blockSize) starts &= ((uint64_t)1 << rest) - 1;
    __m512i firstKinds = _mm512_loadu_si512(scratch->kindStorage + block);
    _mm512_storeu_si512(kinds + tokenCount, _mm512_maskz_compress_epi8(starts, firstKinds));
    __mmask64 mixed = _mm512_mask_cmpneq_epi8_mask(
        starts, firstKinds, _mm512_set1_epi8((char)rules->wordKind));
    mixed = _mm512_mask_test_epi8_mask(
        mixed, _mm512_loadu_si512(classes + block), _mm512_set1_epi8(word));
    for (; mixed != 0; mixed &= mixed - 1) {
      uint64_t before = starts & ((mixed & -mixed) - 1);
      scratch->mixedTokens[scratch->mixedCount++] =
          (uint16_t)(tokenCount + __builtin_popcountll(before));
    }
    // A token ends where the next one starts, so the first start is no end.
    if (block == 0) {
      writePlaces_avx512(starts & ~(uint64_t)1, block, ends);
    } else {
      writePlaces_avx512(starts, block, ends + tokenCount - 1);
    }
    tokenCount += __builtin_popcountll(starts);
  }
  ends[tokenCount - 1] = (uint32_t)count;
  return tokenCount;
}
