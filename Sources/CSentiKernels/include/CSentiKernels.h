#ifndef CSentiKernels_h
#define CSentiKernels_h
#endif
