#include "CSentiModels.h"

// The compiler notes the file among those that this one is made from: a new model is a new build.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const _Alignas(64) unsigned char bytes[] = {
#embed "Models/english-small.safetensors"
};

CSentiModels_File CSentiModels_englishSmall(void) {
  return (CSentiModels_File){bytes, sizeof bytes};
}
