#ifndef CSentiICU_h
#define CSentiICU_h
#endif
