// Writes manual pages of a program from what its --experimental-dump-help says: the text of --help.
//
//     senti --experimental-dump-help | swift Packaging/manual.swift FOLDER VERSION DATE
//
// One page a verb, in section 1: senti.1, senti-classify.1, senti-train-sentiment.1.

import Foundation

struct Help: Decodable {
  let command: Command
}

struct Command: Decodable {
  let commandName: String
  let abstract: String?
  let discussion: String?
  let shouldDisplay: Bool?
  let arguments: [Argument]?
  let subcommands: [Command]?
}

struct Argument: Decodable {
  struct Name: Decodable {
    let kind: String
    let name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  let kind: String
  let abstract: String?
  let names: [Name]?
  let valueName: String?
  let allValues: [String]?
  let defaultValue: String?
  let sectionTitle: String?
  let isOptional: Bool
  let isRepeating: Bool
  let shouldDisplay: Bool

  /// Short names first, as `--help` has them.
  var sortedNames: [String] {
    let names = names ?? []
    return (names.filter { $0.kind != "long" } + names.filter { $0.kind == "long" }).map(\.text)
  }
}

/// Text that means itself in roff: hyphens are ASCII, backslashes and leading dots are escaped.
func roff(_ text: String) -> String {
  let escaped = text.replacingOccurrences(of: "\\", with: "\\e")
    .replacingOccurrences(of: "-", with: "\\-")
    .replacingOccurrences(of: "'", with: "\\(aq").replacingOccurrences(of: "`", with: "\\(ga")
    .replacingOccurrences(of: "^", with: "\\(ha").replacingOccurrences(of: "~", with: "\\(ti")
  return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
}

/// Text in lines of at most 78 bytes where its words allow it; none begins with a request.
func wrapped(_ text: String) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.utf8.count + word.utf8.count < 78 {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(word.hasPrefix(".") ? "\\&" + word : String(word))
    }
  }
  return lines
}

/// An argument of a request, in quotes.
func quoted(_ text: String) -> String {
  "\"" + roff(text).replacingOccurrences(of: "\"", with: "\\(dq") + "\""
}

struct Page {
  let path: [String]
  let command: Command
  let version: String
  let date: String

  var name: String { path.joined(separator: "-") }

  var text: String {
    var lines = [
      ".TH \(quoted(name.uppercased())) 1 \"\(date)\" \(quoted("senti \(version)")) "
        + "\"User Commands\"",
      // Options and values are not hyphenated.
      ".nh", ".ad l", ".SH NAME",
    ]
    lines += wrapped("\(roff(name)) \\- \(roff(abstract))")
    lines.append(".SH SYNOPSIS")
    lines += synopsis
    lines += discussion(headings: ["Examples": "EXAMPLES", "Exit status": "EXIT STATUS"])
    let arguments = (command.arguments ?? []).filter(\.shouldDisplay)
    lines += section("ARGUMENTS", arguments.filter { $0.kind == "positional" })
    let options = arguments.filter { $0.kind != "positional" }
    lines += section("OPTIONS", options.filter { $0.sectionTitle == nil })
    var titles: [String] = []
    for case let title? in options.map(\.sectionTitle) where !titles.contains(title) {
      titles.append(title)
    }
    for title in titles {
      lines += section(title.uppercased(), options.filter { $0.sectionTitle == title })
    }
    lines += subcommands
    lines += seeAlso
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the name line says: without the period, and without line ends.
  private var abstract: String {
    let text = (command.abstract ?? "").replacingOccurrences(of: "\n", with: " ")
    let first = text.hasSuffix(".") ? String(text.dropLast()) : text
    return first.prefix(1).lowercased() + first.dropFirst()
  }

  private var synopsis: [String] {
    var parts = ["\\fB\(roff(path.joined(separator: " ")))\\fR"]
    for argument in command.arguments ?? [] where argument.shouldDisplay {
      if ["help", "version"].contains(argument.valueName) { continue }
      var part = "\\fI\(roff(argument.valueName ?? ""))\\fR"
      if argument.kind != "positional" {
        part = "\\fB\(roff(argument.sortedNames.last ?? ""))\\fR"
        if argument.kind == "option" { part += " \\fI\(roff(argument.valueName ?? ""))\\fR" }
      }
      if argument.isRepeating { part += " ..." }
      parts.append(argument.isOptional ? "[\(part)]" : part)
    }
    if !shownSubcommands.isEmpty { parts.append("\\fIverb\\fR") }
    return parts
  }

  /// Paragraphs; lines that begin with spaces stay lines, and some first words become headings.
  private func discussion(headings: [String: String]) -> [String] {
    guard let discussion = command.discussion, !discussion.isEmpty else { return [] }
    var lines = [".SH DESCRIPTION"]
    var isFirst = true
    for paragraph in discussion.components(separatedBy: "\n\n") {
      var rows = paragraph.components(separatedBy: "\n")
      let colon = rows[0].firstIndex(of: ":")
      if let colon, let heading = headings[String(rows[0][..<colon])] {
        lines.append(".SH \(quoted(heading))")
        rows[0] = String(rows[0][rows[0].index(after: colon)...]).trimmingCharacters(
          in: .whitespaces)
        if rows[0].isEmpty { rows.removeFirst() }
      } else if !isFirst {
        lines.append(".PP")
      }
      isFirst = false
      lines += paragraphLines(rows)
    }
    return lines
  }

  private func paragraphLines(_ rows: [String]) -> [String] {
    var (lines, isLiteral) = ([String](), false)
    for row in rows {
      let isIndented = row.hasPrefix(" ")
      if isIndented != isLiteral { lines.append(isIndented ? ".nf" : ".fi") }
      isLiteral = isIndented
      let text = roff(row.trimmingCharacters(in: .whitespaces))
      lines += isIndented ? [text] : wrapped(text)
    }
    return isLiteral ? lines + [".fi"] : lines
  }

  private func section(_ title: String, _ arguments: [Argument]) -> [String] {
    guard !arguments.isEmpty else { return [] }
    return [".SH \(quoted(title))"] + arguments.flatMap(entry)
  }

  private func entry(_ argument: Argument) -> [String] {
    var tag = "\\fI\(roff(argument.valueName ?? ""))\\fR"
    if argument.kind != "positional" {
      tag = argument.sortedNames.map { "\\fB\(roff($0))\\fR" }.joined(separator: ", ")
      if argument.kind == "option" { tag += " \\fI\(roff(argument.valueName ?? ""))\\fR" }
    }
    var notes: [String] = []
    if let values = argument.allValues, !values.isEmpty {
      notes.append("values: \(values.joined(separator: ", "))")
    }
    if let value = argument.defaultValue { notes.append("default: \(value)") }
    var text = (argument.abstract ?? "").replacingOccurrences(of: "\n", with: " ")
    if !notes.isEmpty { text += " (\(notes.joined(separator: "; ")))" }
    return [".TP", tag] + wrapped(roff(text))
  }

  /// Those that have pages: the program's own verbs, not the parser's `help`.
  var shownSubcommands: [Command] {
    (command.subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay != false }
  }

  private var subcommands: [String] {
    guard !shownSubcommands.isEmpty else { return [] }
    return [".SH VERBS"]
      + shownSubcommands.flatMap { verb in
        [".TP", "\\fB\(roff((path + [verb.commandName]).joined(separator: "-")))\\fR(1)"]
          + wrapped(roff(verb.abstract ?? ""))
      }
  }

  private var seeAlso: [String] {
    guard path.count > 1 else { return [] }
    return [".SH \"SEE ALSO\"", ".BR \(roff(path.dropLast().joined(separator: "-"))) (1)"]
  }
}

func write(_ page: Page, to folder: String) throws {
  try page.text.write(toFile: "\(folder)/\(page.name).1", atomically: true, encoding: .utf8)
  for verb in page.shownSubcommands {
    let path = page.path + [verb.commandName]
    try write(
      Page(path: path, command: verb, version: page.version, date: page.date), to: folder)
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3, let folder = arguments.first else {
  FileHandle.standardError.write(Data("usage: swift manual.swift FOLDER VERSION DATE\n".utf8))
  exit(64)
}
let help = try JSONDecoder().decode(Help.self, from: FileHandle.standardInput.readDataToEndOfFile())
try write(
  Page(
    path: [help.command.commandName], command: help.command,
    version: arguments[arguments.startIndex + 1], date: arguments[arguments.startIndex + 2]),
  to: folder)
