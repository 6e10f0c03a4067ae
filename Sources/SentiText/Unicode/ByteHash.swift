/// The 64-bit FNV-1a hash of bytes, for tables and checksums.
///
/// - SeeAlso: Fowler, Noll, Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>.
enum ByteHash {
  /// Hashes a range of bytes.
  static func fnv1a(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in range {
      hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3
    }
    return hash
  }

  /// Spreads the entropy of a hash over all of its bits.
  static func mixed(_ hash: UInt64) -> UInt64 {
    let product = (hash ^ hash >> 32).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
