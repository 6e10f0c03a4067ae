extension Float {
  /// The value of an IEEE 754 binary16 number, which is always exact.
  ///
  /// Without a branch or a call, so that a loop over it becomes vector code on every machine.
  @inline(__always)
  init(float16Bits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF) << 13
    // The exponent's bias grows from 15 to 127; infinity's and NaN's grows to 255.
    let rebias: UInt32 = magnitude < 0x0F80_0000 ? 112 << 23 : 224 << 23
    // A number without the leading 1 gets one, and 2 to the power -14 is taken away again.
    let subnormal = Float(bitPattern: magnitude | 113 << 23) - 0x1p-14
    let normal = Float(bitPattern: magnitude &+ rebias)
    let value = magnitude < 0x0080_0000 ? subnormal : normal
    self.init(bitPattern: sign | value.bitPattern)
  }

  /// The value of a bfloat16 number, which is the upper half of a `Float`.
  @inline(__always)
  init(brainFloat16Bits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }

  /// The nearest bfloat16 number, of two equally near ones the even one; NaN stays NaN.
  var brainFloat16Bits: UInt16 {
    if isNaN { return UInt16(truncatingIfNeeded: bitPattern >> 16) | 0x0040 }
    let isUpperHalfOdd = (bitPattern >> 16) & 1
    return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ isUpperHalfOdd) >> 16)
  }

  /// The value cut off towards zero, with the last bit set where anything was cut off.
  ///
  /// Rounded once more, to fewer bits, it gives what one rounding of the exact value gives.
  ///
  /// - SeeAlso: Boldo and Melquiond 2008, "Emulation of FMA and Correctly Rounded Sums: Proved
  ///   Algorithms Using Rounding to Odd", <https://doi.org/10.1109/TC.2007.70819>.
  init(roundingToOdd exact: Double) {
    let nearest = Float(exact)
    guard exact.isFinite, Double(nearest) != exact else {
      self = nearest
      return
    }
    let isTooFar = Double(nearest).magnitude > exact.magnitude
    self.init(bitPattern: (isTooFar ? nearest.bitPattern - 1 : nearest.bitPattern) | 1)
  }
}
