#include "CWordLoop.h"

#include <unicode/ubrk.h>

int64_t CWordLoop_count(const uint16_t *units, const int64_t *ends, int64_t textCount,
                        int64_t *wordCount) {
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
  int64_t tokens = 0, words = 0, start = 0;
  for (int64_t text = 0; text < textCount && U_SUCCESS(status); text++) {
    ubrk_setText(iterator, units + start, (int32_t)(ends[text] - start), &status);
    ubrk_first(iterator);
    while (ubrk_next(iterator) != UBRK_DONE) {
      tokens++;
      words += ubrk_getRuleStatus(iterator) >= UBRK_WORD_NONE_LIMIT;
    }
    start = ends[text];
  }
  ubrk_close(iterator);
  *wordCount = words;
  return U_SUCCESS(status) ? tokens : -1;
}
