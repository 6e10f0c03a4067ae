/// The named characters of HTML that reviews and web pages use.
enum HTMLEntities {
  /// The scalar of a named reference, without `&` and `;`.
  static func scalar(named name: String) -> UInt32? {
    byName[name]
  }

  /// The characters that browsers show for references to the control characters 128 to 159, which
  /// pages written on Windows meant as its code page 1252.
  static let windows1252: [UInt32: UInt32] = {
    let characters =
      "\u{20AC}\u{81}\u{201A}\u{192}\u{201E}\u{2026}\u{2020}\u{2021}"
      + "\u{2C6}\u{2030}\u{160}\u{2039}\u{152}\u{8D}\u{17D}\u{8F}"
      + "\u{90}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}"
      + "\u{2DC}\u{2122}\u{161}\u{203A}\u{153}\u{9D}\u{17E}\u{178}"
    return Dictionary(uniqueKeysWithValues: zip(128..., characters.unicodeScalars.map(\.value)))
  }()

  private static let byName: [String: UInt32] = {
    var table = signs
    for (name, scalar) in zip(latin1.split(separator: " "), 0xA0...) {
      table[String(name)] = UInt32(scalar)
    }
    return table
  }()

  /// The names of U+00A0 to U+00FF, in order.
  private static let latin1 =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr "
    + "deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo "
    + "frac14 frac12 frac34 iquest "
    + "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml "
    + "Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times "
    + "Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig "
    + "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml "
    + "igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide "
    + "oslash ugrave uacute ucirc uuml yacute thorn yuml"

  private static let signs: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "OElig": 0x152,
    "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161, "Yuml": 0x178, "ensp": 0x2002,
    "emsp": 0x2003, "thinsp": 0x2009, "zwnj": 0x200C, "zwj": 0x200D, "ndash": 0x2013,
    "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C,
    "rdquo": 0x201D, "bdquo": 0x201E, "bull": 0x2022, "hellip": 0x2026, "lsaquo": 0x2039,
    "rsaquo": 0x203A, "euro": 0x20AC, "trade": 0x2122, "hearts": 0x2665,
  ]
}
