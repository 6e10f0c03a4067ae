// Validation of UTF-8 for machines with AVX-512, 64 bytes at a time. Part of bytes.c, and compared with
// its plain loop in tests.

#include "avx512.h"

/// What two neighbouring bytes can be wrong in, a bit each; a bit that three tables of half bytes have in
/// common is an error. See Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte",
/// 2021.
enum {
  tooShort = 1,
  tooLong = 2,
  overlong3 = 4,
  tooLarge = 8,
  surrogate = 16,
  overlong2 = 32,
  tooLarge1000 = 64,
  overlong4 = 64,
  twoContinuations = 128,
  whatever = tooShort | tooLong | twoContinuations,
  large = whatever | tooLarge | tooLarge1000,
  second = tooLong | overlong2 | twoContinuations,
};

static const uint8_t byFirstHigh[16] = {
    tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong,
    twoContinuations, twoContinuations, twoContinuations, twoContinuations,
    tooShort | overlong2, tooShort, tooShort | overlong3 | surrogate,
    tooShort | tooLarge | tooLarge1000 | overlong4};
static const uint8_t byFirstLow[16] = {
    whatever | overlong3 | overlong2 | overlong4, whatever | overlong2, whatever, whatever,
    whatever | tooLarge, large, large, large, large, large, large, large, large, large | surrogate,
    large, large};
static const uint8_t bySecondHigh[16] = {
    tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort,
    second | overlong3 | tooLarge1000 | overlong4, second | overlong3 | tooLarge,
    second | surrogate | tooLarge, second | surrogate | tooLarge,
    tooShort, tooShort, tooShort, tooShort};

WITH_AVX512 static inline __m512i byHalf(const uint8_t *table, __m512i halves) {
  __m512i four = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
  return _mm512_shuffle_epi8(four, _mm512_and_si512(halves, _mm512_set1_epi8(0x0F)));
}

/// Bits for the bytes of a block that are wrong behind the bytes before them.
WITH_AVX512 static inline uint64_t wrongBytes(
    __m512i here, __m512i before, __m512i before2, __m512i before3) {
  __m512i wrong = _mm512_and_si512(
      _mm512_and_si512(
          byHalf(byFirstHigh, _mm512_srli_epi16(before, 4)), byHalf(byFirstLow, before)),
      byHalf(bySecondHigh, _mm512_srli_epi16(here, 4)));
  __mmask64 continued = _mm512_cmpge_epu8_mask(before2, _mm512_set1_epi8((char)0xE0)) |
                        _mm512_cmpge_epu8_mask(before3, _mm512_set1_epi8((char)0xF0));
  // Two continuations are right where a lead of three or four bytes announced them, and only there.
  __m512i expected = _mm512_maskz_mov_epi8(continued, _mm512_set1_epi8((char)twoContinuations));
  return _mm512_cmpneq_epi8_mask(wrong, expected);
}

WITH_AVX512 static bool isWellFormed_avx512(const uint8_t *text, int64_t count) {
  // The zero behind the last byte tells whether a character was cut off.
  for (int64_t block = 0; block <= count; block += 64) {
    int64_t rest = count - block;
    __mmask64 inside = rest < 64 ? ((__mmask64)1 << rest) - 1 : ~(__mmask64)0;
    // The first block has no bytes before it: they are masked out, and read as zero.
    __mmask64 from1 = block == 0 ? ~(__mmask64)1 : ~(__mmask64)0;
    __mmask64 from2 = from1 << 1 | (from1 & 1), from3 = from2 << 1 | (from2 & 1);
    __mmask64 to1 = rest < 63 ? ((__mmask64)1 << (rest + 1)) - 1 : ~(__mmask64)0;
    __mmask64 to2 = to1 << 1 | 1, to3 = to2 << 1 | 1;
    __m512i here = _mm512_maskz_loadu_epi8(inside, text + block);
    __m512i before3 = _mm512_maskz_loadu_epi8(from3 & to3, text + block - 3);
    if ((_mm512_movepi8_mask(here) | _mm512_movepi8_mask(before3)) == 0) continue;
    __m512i before = _mm512_maskz_loadu_epi8(from1 & to1, text + block - 1);
    __m512i before2 = _mm512_maskz_loadu_epi8(from2 & to2, text + block - 2);
    if (wrongBytes(here, before, before2, before3) != 0) return false;
  }
  return true;
}
