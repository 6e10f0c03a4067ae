internal import CSentiText

/// The sentiment model of `Senti`, where the program links it.
enum LinkedSentiment {
  /// The score of a text, from -1, negative, to 1, positive; nil where `Senti` is not linked, or cannot load
  /// its model.
  static func score(of text: String) -> Double? {
    var text = text
    return text.withUTF8 { bytes in
      var score = 0.0
      let isScored = unsafe CSentiText_linkedSentiment(
        bytes.baseAddress, Int64(bytes.count), &score)
      return isScored ? score : nil
    }
  }
}
