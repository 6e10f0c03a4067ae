extension Help {
  static let vocabCoverage = ""
}
