// How runs of characters are cut by dictionaries.

#ifndef CSentiText_dictionary_h
#define CSentiText_dictionary_h

#include "CSentiText.h"

/// How many characters a run has at most: those of a window.
enum { CSentiText_longestRun = CSentiText_windowSize / 3 };

/// Writes where the words of a run of Han, hiragana and katakana end, and returns how many there are.
int32_t CSentiText_cutHan(
    const CSentiText_Dictionary *dictionary, const uint16_t *units, int32_t count, uint16_t *ends);

/// Writes where the words of a run of Thai end, and returns how many there are; 0 where the run is not
/// cut.
int32_t CSentiText_cutThai(
    const CSentiText_Dictionary *dictionary, const uint16_t *units, int32_t count, uint16_t *ends);

#endif
