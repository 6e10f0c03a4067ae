// Counts the calls of the allocator in a program that this is linked into.

#ifndef CAllocations_h
#define CAllocations_h

#include <stdbool.h>
#include <stdint.h>

// Whether calls are counted here: with glibc only.
bool CAllocations_areCounted(void);

// The allocations of all threads so far.
int64_t CAllocations_count(void);

#endif
