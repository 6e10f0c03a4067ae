#include "CSentiText.h"

/// Defined by the module Senti; null in a program that does not link it.
extern bool Senti_sentimentScore(const uint8_t *text, int64_t count, double *score)
    __attribute__((weak));

bool CSentiText_linkedSentiment(const uint8_t *text, int64_t count, double *score) {
  return Senti_sentimentScore != 0 && Senti_sentimentScore(text, count, score);
}
