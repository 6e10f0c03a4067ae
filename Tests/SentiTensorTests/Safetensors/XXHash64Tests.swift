import Testing

@testable import SentiTensor

@Suite("xxHash64")
struct XXHash64Tests {
  /// Computed by the Python package xxhash, for every way a rest of a stripe is mixed in.
  @Test(
    arguments: [
      (0, 0xef46_db37_51d8_e999), (1, 0xe934_a84a_db05_2768), (4, 0xae5a_cdc0_0a55_ac41),
      (7, 0xd734_a6b2_6f3d_a63e), (8, 0x8711_6b33_65b9_24eb), (31, 0x0f18_7c62_b1e7_22b7),
      (32, 0x91b0_cb09_31a8_c629), (33, 0x931b_043c_f8d6_5b94), (100, 0x8e22_72c0_8247_d5db),
    ] as [(Int, UInt64)])
  func matchesTheReference(count: Int, hash: UInt64) {
    let bytes = (0..<count).map { UInt8($0 * 7 % 256) }
    #expect(bytes.withBytes { XXHash64.hash($0) } == hash)
  }

  @Test(arguments: [1, 3, 31, 32, 33, 64, 500])
  func isTheSameHoweverTheBytesAreDivided(size: Int) {
    let bytes = (0..<1_000).map { UInt8($0 * 7 % 251) }
    for count in [0, 1, 31, 32, 33, 63, 64, 500, 1_000] {
      var hash = XXHash64()
      for start in stride(from: 0, to: count, by: size) {
        hash.append(bytes[start..<min(start + size, count)])
      }
      #expect(hash.value == Array(bytes[..<count]).withBytes { XXHash64.hash($0) })
      // It can be asked for in between.
      #expect(hash.value == hash.value)
    }
  }

  @Test func everyByteCounts() {
    let bytes = [UInt8](repeating: 0, count: 77)
    let hashes = bytes.indices.map { index in
      var changed = bytes
      changed[index] = 1
      return changed.withBytes { XXHash64.hash($0) }
    }
    #expect(Set(hashes + [bytes.withBytes { XXHash64.hash($0) }]).count == 78)
  }
}
