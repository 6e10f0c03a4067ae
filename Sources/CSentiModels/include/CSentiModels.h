#ifndef CSENTI_MODELS_H
#define CSENTI_MODELS_H

#include <stddef.h>

/// A file inside the program: read-only, and there as long as the program runs. Processes of one
/// program share its pages. A model begins at an address that is a multiple of 64.
typedef struct {
  const void *_Nonnull start;
  size_t byteCount;
} CSentiModels_File;

/// `english.safetensors`.
CSentiModels_File CSentiModels_english(void);

/// `english-small.safetensors`.
CSentiModels_File CSentiModels_englishSmall(void);

/// The number of files of `corpora/checks`, the suite of behaviour checks.
size_t CSentiModels_checkFileCount(void);

/// The name of one of them, without a folder; `index` is below the count.
const char *_Nonnull CSentiModels_checkFileName(size_t index);

/// The content of one of them; at any address.
CSentiModels_File CSentiModels_checkFile(size_t index);

#endif
