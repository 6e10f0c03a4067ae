// Recurrent steps, backward, but for the products; a part of kernels.h.

static void NAME(simpleBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t count = step->rowCount * step->hiddenSize;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const ptrdiff_t left = count - i;
    const Vector y = loadFirst((const SCALAR *)step->hidden + i, left);
    const Vector gradient = loadFirst((const SCALAR *)step->hiddenGradient + i, left);
    storeFirst((SCALAR *)step->inputGateGradient + i, gradient * NAME(slope)(y, step->activation),
               left);
  }
}

static void NAME(gruBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->saved + row * 4 * H;
    const SCALAR *previous = (const SCALAR *)step->previousHidden + row * H;
    const SCALAR *above = (const SCALAR *)step->hiddenGradient + row * H;
    SCALAR *below = (SCALAR *)step->previousHiddenGradient + row * H;
    SCALAR *input = (SCALAR *)step->inputGateGradient + row * 3 * H;
    SCALAR *recurrent = (SCALAR *)step->recurrentGateGradient + row * 3 * H;
    for (ptrdiff_t i = 0; i < H; i += LANES) {
      const ptrdiff_t left = H - i;
      const Vector r = loadFirst(saved + i, left), z = loadFirst(saved + H + i, left);
      const Vector n = loadFirst(saved + 2 * H + i, left), m = loadFirst(saved + 3 * H + i, left);
      const Vector h = loadFirst(previous + i, left), dh = loadFirst(above + i, left);
      const Vector dn = dh * (1 - z) * (1 - n * n);
      const Vector dz = dh * (h - n) * z * (1 - z);
      storeFirst(below + i, loadFirst(below + i, left) + dh * z, left);
      storeFirst(input + H + i, dz, left);
      storeFirst(input + 2 * H + i, dn, left);
      if (step->resetsBeforeProduct) continue;
      const Vector dr = dn * m * r * (1 - r);
      storeFirst(input + i, dr, left);
      storeFirst(recurrent + i, dr, left);
      storeFirst(recurrent + H + i, dz, left);
      storeFirst(recurrent + 2 * H + i, dn * r, left);
    }
  }
}

static void NAME(lstmBackward)(const CSentiKernels_StepGradient *step) {
  FLUSH_SUBNORMALS;
  const ptrdiff_t H = step->hiddenSize;
  const SCALAR *peepholes = step->peepholes;
  for (ptrdiff_t row = 0; row < step->rowCount; row++) {
    const SCALAR *saved = (const SCALAR *)step->saved + row * 4 * H;
    SCALAR *gates = (SCALAR *)step->inputGateGradient + row * 4 * H;
    for (ptrdiff_t j = 0; j < H; j += LANES) {
      const ptrdiff_t left = H - j, at = row * H + j;
      const Vector i = loadFirst(saved + j, left), f = loadFirst(saved + H + j, left);
      const Vector g = loadFirst(saved + 2 * H + j, left), o = loadFirst(saved + 3 * H + j, left);
      const Vector previous = loadFirst((const SCALAR *)step->previousCell + at, left);
      const Vector dh = loadFirst((const SCALAR *)step->hiddenGradient + at, left);
      Vector dc = loadFirst((const SCALAR *)step->cellGradient + at, left), squashed;
      if (step->squashedCell) {
        squashed = loadFirst((const SCALAR *)step->squashedCell + at, left);
      } else {
        squashed = vtanh(loadFirst((const SCALAR *)step->cell + at, left));
        dc += dh * o * (1 - squashed * squashed);
      }
      const Vector output = dh * squashed * o * (1 - o);
      if (peepholes) dc += output * loadFirst(peepholes + 2 * H + j, left);
      const Vector input = dc * g * i * (1 - i), forget = dc * previous * f * (1 - f);
      storeFirst(gates + j, input, left);
      storeFirst(gates + H + j, forget, left);
      storeFirst(gates + 2 * H + j, dc * i * (1 - g * g), left);
      storeFirst(gates + 3 * H + j, output, left);
      SCALAR *below = (SCALAR *)step->previousCellGradient + at;
      Vector passed = loadFirst(below, left) + dc * f;
      if (peepholes) {
        passed += input * loadFirst(peepholes + j, left);
        passed += forget * loadFirst(peepholes + H + j, left);
      }
      storeFirst(below, passed, left);
    }
  }
}
