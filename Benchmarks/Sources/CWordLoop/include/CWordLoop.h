// The plain loop that tokenizers are measured against: ICU's word iterator over UTF-16.

#ifndef CWordLoop_h
#define CWordLoop_h

#include <stdint.h>

// Cuts texts that lie one behind the other in `units`; text i ends before unit `ends[i]`. Asks for
// the rule status of each token, as everyone must who wants to tell words from spaces. Returns the
// number of tokens, spaces included, or -1 where ICU fails.
int64_t CWordLoop_count(const uint16_t *_Nonnull units, const int64_t *_Nonnull ends,
                        int64_t textCount, int64_t *_Nonnull wordCount);

#endif
