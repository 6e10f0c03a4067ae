/// What is wrong with a page: tags that do not match, elements and attributes that no page has, ids that stand
/// twice or are missing, controls without labels.
struct HTMLCheck {
  private(set) var problems: [String] = []
  private var open: [String] = []
  private var ids: Set<String> = []
  private var references: [String] = []
  private var labelled: Set<String> = []
  private var controls: [String] = []
  private var counts: [String: Int] = [:]

  private static let void: Set<String> = ["meta", "input", "br"]
  private static let raw: Set<String> = ["style", "script"]
  private static let drawings: Set<String> = ["line", "rect", "path", "circle"]
  private static let blocks: Set<String> = [
    "p", "div", "section", "table", "ol", "dl", "details", "h1", "h2", "h3", "svg", "main",
  ]
  private static let elements: Set<String> = blocks.union(void).union(raw).union(drawings).union([
    "html", "head", "title", "body", "strong", "mark", "span", "summary", "thead", "tbody", "tr",
    "th",
    "td", "li", "dt", "dd", "text", "label",
  ])
  private static let attributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "id", "class", "title", "dir", "role",
    "hidden",
    "tabindex", "scope", "for", "type", "autocomplete", "aria-label", "aria-labelledby", "viewBox",
    "width", "height", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "fill", "stroke",
    "stroke-width", "stroke-dasharray", "stroke-opacity", "font-family", "font-size", "font-weight",
    "text-anchor", "transform", "color", "aria-hidden", "fill-opacity",
  ]

  /// What is wrong with a page; nothing with one that is well-formed.
  static func problems(of html: String) -> [String] {
    var check = HTMLCheck()
    let prefix = "<!DOCTYPE html>"
    guard html.hasPrefix(prefix) else { return ["no doctype"] }
    check.read(html.dropFirst(prefix.count))
    return check.problems
  }

  private mutating func read(_ html: Substring) {
    var rest = html
    while let start = rest.firstIndex(of: "<") {
      readText(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else {
        problems.append("a tag without an end")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      guard let name = readTag(tag), Self.raw.contains(name), open.last == name else { continue }
      guard let close = rest.firstRange(of: "</\(name)>") else {
        problems.append("\(name) is not closed")
        return
      }
      rest = rest[close.lowerBound...]
    }
    readText(rest)
    finish()
  }

  private mutating func finish() {
    problems += open.map { "\($0) is not closed" }
    problems += references.filter { !ids.contains($0) }.map { "no id \($0)" }
    problems += controls.filter { !labelled.contains($0) }.map { _ in "input without a label" }
    for name in ["html", "head", "title", "body", "main", "h1"] where counts[name] != 1 {
      problems.append("\(name) \(counts[name] ?? 0) times")
    }
  }

  private mutating func readText(_ text: Substring) {
    for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      let isEntity = ["amp;", "lt;", "gt;", "quot;", "#39;"].contains { part.hasPrefix($0) }
      if !isEntity { problems.append("& that is no entity") }
    }
  }

  /// Reads a tag; gives the name of one that opens an element.
  private mutating func readTag(_ tag: Substring) -> String? {
    if tag.hasPrefix("/") {
      let name = String(tag.dropFirst())
      if open.last == name {
        open.removeLast()
      } else {
        problems.append("</\(name)> in \(open.last ?? "nothing")")
      }
      return nil
    }
    let isClosed = tag.hasSuffix("/")
    let name = String((isClosed ? tag.dropLast() : tag).prefix { !$0.isWhitespace })
    // Those of drawings are no titles of the page.
    if name != "title" || open.last == "head" { counts[name, default: 0] += 1 }
    if !Self.elements.contains(name) { problems.append("element \(name)") }
    if open.last == "p" && Self.blocks.contains(name) { problems.append("\(name) in p") }
    if isClosed && !Self.drawings.contains(name) { problems.append("\(name) closes itself") }
    readAttributes(of: name, tag.dropFirst(name.count).dropLast(isClosed ? 1 : 0))
    if isClosed || Self.void.contains(name) { return nil }
    open.append(name)
    return name
  }

  private mutating func readAttributes(of name: String, _ text: Substring) {
    var values: [String: String] = [:]
    let pattern = #/\s+([a-zA-Z0-9-]+)(?:="([^"<]*)")?/#
    if !text.replacing(pattern, with: "").allSatisfy(\.isWhitespace) {
      problems.append("attributes of \(name): \(text)")
    }
    for match in text.matches(of: pattern) {
      let key = String(match.output.1)
      if values.updateValue(String(match.output.2 ?? ""), forKey: key) != nil {
        problems.append("\(key) twice")
      }
      if !Self.attributes.contains(key) { problems.append("attribute \(key)") }
      readText(match.output.2 ?? "")
    }
    if let id = values["id"], !ids.insert(id).inserted { problems.append("id \(id) twice") }
    references += [values["for"], values["aria-labelledby"]].compactMap { $0 }
    if name == "label", let control = values["for"] { labelled.insert(control) }
    if name == "input" && values["aria-label"] == nil { controls.append(values["id"] ?? "") }
    if name == "svg" && values["aria-hidden"] != "true"
      && (values["role"] != "img" || (values["aria-label"] ?? "").isEmpty)
    {
      problems.append("svg without a name")
    }
    if values["tabindex"] != nil && (values["role"] == nil || values["aria-label"] == nil) {
      problems.append("\(name) can be reached without a role and a name")
    }
  }
}
