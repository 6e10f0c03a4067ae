#ifndef CSENTI_MODELS_H
#define CSENTI_MODELS_H

#include <stddef.h>

/// A model file inside the program: read-only, at an address that is a multiple of 64, and there as
/// long as the program runs. Processes of one program share its pages.
typedef struct {
  const void *_Nonnull start;
  size_t byteCount;
} CSentiModels_File;

/// `english.safetensors`.
CSentiModels_File CSentiModels_english(void);

/// `english-small.safetensors`.
CSentiModels_File CSentiModels_englishSmall(void);

#endif
