// Compares what two machines printed with kernels.c, and ends with 1 at the first difference.
//
//     compare X86-64 ARM64

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_SCALE 0.05

// Results of one name, as text. Values agree where they differ by no more than `tolerance` times
// the greatest of the first one, the block's root mean square and SMALLEST_SCALE.
typedef struct Block {
  char name[256];
  double tolerance;
  ptrdiff_t count;
  char (*values)[40];
} Block;

// Whether there is another block.
static int readBlock(FILE *file, Block *block) {
  if (fscanf(file, " %255[^\n]", block->name) != 1) return 0;
  if (fscanf(file, "%lf %td", &block->tolerance, &block->count) != 2 || block->count < 0) return 0;
  block->values = realloc(block->values, (size_t)(block->count + 1) * sizeof *block->values);
  if (!block->values) abort();
  for (ptrdiff_t i = 0; i < block->count; i++) {
    if (fscanf(file, "%39s", block->values[i]) != 1) return 0;
  }
  return 1;
}

static double rootMeanSquare(const Block *block) {
  double sum = 0;
  ptrdiff_t count = 0;
  for (ptrdiff_t i = 0; i < block->count; i++) {
    const double value = strtod(block->values[i], NULL);
    if (!isfinite(value)) continue;
    sum += value * value;
    count++;
  }
  return count > 0 ? sqrt(sum / (double)count) : 0;
}

// Gives the greatest difference as a share of what is allowed.
static double compareBlocks(const Block *a, const Block *b) {
  if (strcmp(a->name, b->name) != 0 || a->count != b->count || a->tolerance != b->tolerance) {
    fprintf(stderr, "x86-64 has %td values of %s\narm64 has %td values of %s\n", a->count, a->name,
            b->count, b->name);
    exit(1);
  }
  const double scale = a->tolerance > 0 ? fmax(rootMeanSquare(a), SMALLEST_SCALE) : 0;
  double greatest = 0;
  for (ptrdiff_t i = 0; i < a->count; i++) {
    if (strcmp(a->values[i], b->values[i]) == 0) continue;
    const double x = strtod(a->values[i], NULL), y = strtod(b->values[i], NULL);
    const double share = fabs(x - y) / (a->tolerance * fmax(fabs(x), scale));
    if (a->tolerance == 0 || !(share <= 1)) {
      fprintf(stderr, "%s, element %td of %td: x86-64 %s, arm64 %s (tolerance %g)\n", a->name, i,
              a->count, a->values[i], b->values[i], a->tolerance);
      exit(1);
    }
    greatest = fmax(greatest, share);
  }
  return greatest;
}

int main(int argc, char **argv) {
  FILE *files[2] = {argc == 3 ? fopen(argv[1], "r") : NULL, argc == 3 ? fopen(argv[2], "r") : NULL};
  if (!files[0] || !files[1]) return 64;
  Block a = {.count = 0}, b = {.count = 0};
  ptrdiff_t exact = 0, close = 0;
  double greatest = 0;
  char name[sizeof a.name] = "";
  for (;;) {
    const int hasLeft = readBlock(files[0], &a), hasRight = readBlock(files[1], &b);
    if (!hasLeft && !hasRight && exact > 0 && close > 0) break;
    if (!hasLeft || !hasRight) {
      fprintf(stderr, "one output ends after %td values\n", exact + close);
      return 1;
    }
    const double share = compareBlocks(&a, &b);
    *(a.tolerance > 0 ? &close : &exact) += a.count;
    if (share > greatest) {
      greatest = share;
      strcpy(name, a.name);
    }
  }
  printf("%td values are the same, %td are near: at most %.0f %% of the tolerance, in %s\n", exact,
         close, 100 * greatest, name);
  return 0;
}
