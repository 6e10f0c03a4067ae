extension Help {
  static let vocabConvert = ""
}
