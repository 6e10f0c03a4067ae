// Takes the place of the allocator's functions and hands each call on to glibc's own, which has
// second names for them.

#include "CAllocations.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_llong count;

int64_t CAllocations_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t elements, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static void note(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t elements, size_t size) {
  note();
  return __libc_calloc(elements, size);
}

void *realloc(void *block, size_t size) {
  note();
  return __libc_realloc(block, size);
}

bool CAllocations_areCounted(void) { return true; }

#else

bool CAllocations_areCounted(void) { return false; }

#endif
