import ArgumentParser

/// Help for options, each named after what its value is called there.
extension ArgumentHelp {
  static func count(_ text: String) -> ArgumentHelp { Self(text, valueName: "count") }
  static func file(_ text: String) -> ArgumentHelp { Self(text, valueName: "file") }
  static func name(_ text: String) -> ArgumentHelp { Self(text, valueName: "name") }
  static func norm(_ text: String) -> ArgumentHelp { Self(text, valueName: "norm") }
  static func number(_ text: String) -> ArgumentHelp { Self(text, valueName: "number") }
  static func probability(_ text: String) -> ArgumentHelp { Self(text, valueName: "probability") }
  static func rate(_ text: String) -> ArgumentHelp { Self(text, valueName: "rate") }
  static func fraction(_ text: String) -> ArgumentHelp { Self(text, valueName: "fraction") }
  static func size(_ text: String) -> ArgumentHelp { Self(text, valueName: "size") }
}
