import SentiText

/// The piece of a text that a range of UTF-8 bytes cuts out.
func slice(_ text: String, _ range: Range<Int>) -> String {
  String(decoding: Array(text.utf8)[range], as: UTF8.self)
}

/// The bytes of a text; comparing them, unlike strings, tells NFC from NFD.
func bytes(_ text: String) -> [UInt8] {
  Array(text.utf8)
}
