// What the driver stands on: arrays, seeded values, the floating-point mode, and results as text. A
// part of kernels.c.

#define _GNU_SOURCE

#include "CSentiKernels.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

// The table that is run, and the bytes of an element of its arrays.
static const CSentiKernels_Table *table;
static ptrdiff_t elementSize;

// What is run now.
static char subject[128];

// Ends the program: what has to hold on one machine does not.
static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", subject);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

// MARK: Arrays

enum { ARRAYS = 1024 };
static struct {
  void *start;
  size_t size;
} mapped[ARRAYS];
static int mappedCount;

// Memory of zeros that ends where a page begins which nothing may touch.
static void *allocate(ptrdiff_t size) {
  const ptrdiff_t page = sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page * page;
  char *start = mmap(NULL, (size_t)(pages + page), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + pages, (size_t)page, PROT_NONE) != 0) {
    fail("no memory");
  }
  if (mappedCount == ARRAYS) fail("more than %d arrays", ARRAYS);
  mapped[mappedCount].start = start;
  mapped[mappedCount++].size = (size_t)(pages + page);
  return start + pages - size;
}

// Runs where a kernel touches such a page.
static void failOnTouch(int signal) {
  (void)signal;
  fail("something past the end of an array is read or written");
}

// Begins to run something else, which its arguments name as `printf` does; frees all arrays.
static __attribute__((format(printf, 1, 2))) void begin(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = snprintf(subject, sizeof subject, elementSize == 4 ? "float32 " : "float64 ");
  vsnprintf(subject + length, sizeof subject - (size_t)length, format, arguments);
  va_end(arguments);
  while (mappedCount > 0) {
    mappedCount--;
    munmap(mapped[mappedCount].start, mapped[mappedCount].size);
  }
}

static void *zeros(ptrdiff_t count) { return allocate(count * elementSize); }

// Elements that are to be written: until then they are not numbers.
static void *unwritten(ptrdiff_t count) {
  return memset(zeros(count), 0xff, (size_t)(count * elementSize));
}

static void *from(const void *array, ptrdiff_t index) {
  return (char *)array + index * elementSize;
}

static double valueAt(const void *array, ptrdiff_t index, ptrdiff_t size) {
  return size == 4 ? ((const float *)array)[index] : ((const double *)array)[index];
}

static void setValue(void *array, ptrdiff_t index, double value) {
  if (elementSize == 4) {
    ((float *)array)[index] = (float)value;
  } else {
    ((double *)array)[index] = value;
  }
}

static void *repeated(double value, ptrdiff_t count) {
  void *array = zeros(count);
  for (ptrdiff_t i = 0; i < count; i++) setValue(array, i, value);
  return array;
}

// Halves of the smallest normal number, which must not be computed where they might be flushed.
static void *subnormals(ptrdiff_t count) {
  char *array = zeros(count);
  for (ptrdiff_t i = 0; i < count; i++) {
    array[(i + 1) * elementSize - 2] = elementSize == 4 ? 0x40 : 0x08;
  }
  return array;
}

// MARK: Seeded values

static uint64_t seed;

// Whole numbers below `limit`: SplitMix64.
static int32_t draw(int32_t limit) {
  uint64_t z = seed += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (int32_t)((z ^ (z >> 31)) >> 33) % limit;
}

// Values in [-limit, limit): nothing is added to a product here, which arm64 would do in one.
static void *drawn(ptrdiff_t count, double limit) {
  void *array = zeros(count);
  for (ptrdiff_t i = 0; i < count; i++) {
    setValue(array, i, (draw(1 << 24) - (1 << 23)) * (limit / (1 << 23)));
  }
  return array;
}

static int32_t *drawnIntegers(ptrdiff_t count, int32_t limit) {
  int32_t *array = allocate(count * (ptrdiff_t)sizeof *array);
  for (ptrdiff_t i = 0; i < count; i++) array[i] = draw(limit);
  return array;
}

// MARK: The floating-point mode

#if defined(__SSE2__)

typedef uint32_t Mode;
enum { FLUSHING = 0x8040, UPWARD = 0x4000, FLAGS = 0x3f };
static Mode readMode(void) { return _mm_getcsr() & ~(Mode)FLAGS; }
static void writeMode(Mode mode) { _mm_setcsr(mode); }

#elif defined(__aarch64__)

typedef uint64_t Mode;
enum { FLUSHING = 1 << 24, UPWARD = 1 << 22 };
static Mode readMode(void) {
  Mode mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
}
static void writeMode(Mode mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory"); }

#endif

// Calls a kernel, which must leave the mode as it found it.
#define RUN(call)                                                                                  \
  do {                                                                                             \
    const Mode before_ = readMode();                                                               \
    call;                                                                                          \
    if (readMode() != before_) fail("%s left another floating-point mode", #call);                 \
  } while (0)

// MARK: Results

// How far two machines may be apart: arm64 adds a product without rounding it first.
typedef enum Agreement { EXACT, CLOSE } Agreement;

// Whether results go into the digest alone; the digest of their bits; whether NaN is a result.
static bool isSilent, mayBeNaN;
static uint64_t digest;

static void include(const void *bytes, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    digest = (digest ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
  }
}

// A name, a tolerance and a count, each value on a line of its own.
static void showSized(const char *what, const void *array, ptrdiff_t count, ptrdiff_t size,
                      Agreement agreement) {
  include(array, count * size);
  const double tolerance = agreement == EXACT ? 0 : elementSize == 4 ? 1e-5 : 1e-12;
  if (!isSilent) printf("%s: %s\n%g %td\n", subject, what, tolerance, count);
  for (ptrdiff_t i = 0; i < count; i++) {
    const double value = valueAt(array, i, size);
    if (isnan(value) && !mayBeNaN) fail("%s, element %td of %td is NaN", what, i, count);
    if (!isSilent && isnan(value)) puts("nan");
    if (!isSilent && !isnan(value)) printf("%a\n", value);
  }
}

static void show(const char *what, const void *array, ptrdiff_t count, Agreement agreement) {
  showSized(what, array, count, elementSize, agreement);
}

// Bits: integers, or what is made of them.
static void showWords(const char *what, const void *words, ptrdiff_t count) {
  include(words, 4 * count);
  if (isSilent) return;
  printf("%s: %s\n0 %td\n", subject, what, count);
  for (ptrdiff_t i = 0; i < count; i++) printf("%08x\n", ((const uint32_t *)words)[i]);
}

// A row's result has the same bits alone and in a batch.
static void expectSame(const char *what, ptrdiff_t row, const void *alone, const void *all,
                       ptrdiff_t count) {
  const ptrdiff_t size = count * elementSize;
  if (memcmp(alone, (const char *)all + row * size, (size_t)size) != 0) {
    fail("%s of row %td differs alone and in the batch", what, row);
  }
}

// Zeros of either sign, by their bits: a comparison may take a subnormal number for zero too.
static void expectZeros(const char *what, const void *array, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    uint64_t bits = 0;
    memcpy(&bits, from(array, i), (size_t)elementSize);
    if (bits << (65 - 8 * elementSize)) fail("%s, element %td is not zero", what, i);
  }
}
