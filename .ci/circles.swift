// Shows the circles of types between the folders of each module, and fails where there is one.
// usage: swift .ci/circles.swift, at the top of the repository
//
// A folder uses another where one of its files names a type that the other declares at file level. Comments
// and strings do not count. Names that a module declares twice are left out.
import Foundation

/// The source without comments and without what stands in strings.
func code(_ source: String) -> String {
  source
    .replacing(#/"""[\s\S]*?"""/#, with: "")
    .replacing(#/"(?:\\.|[^"\\\n])*"/#, with: "")
    .replacing(#/\/\/[^\n]*/#, with: "")
}

struct File {
  let folder: String
  let module: String
  let words: Set<Substring>
  let types: Set<Substring>

  init(path: String) throws {
    let text = try code(String(contentsOfFile: path, encoding: .utf8))
    folder = path.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
    module = String(folder.split(separator: "/")[0])
    // By Unicode's default rules there is no boundary in `Command.self`.
    words = Set(text.matches(of: #/\b[A-Z]\w+\b/#.wordBoundaryKind(.simple)).map(\.output))
    types = Set(
      text.matches(of: #/(?m)^(?:[a-z]+ )*(?:struct|class|enum|protocol|actor|typealias) ([A-Z]\w+)/#)
        .map(\.output.1))
  }
}

/// The groups of nodes that reach each other, each sorted.
func circles(_ edges: [String: Set<String>]) -> [[String]] {
  func reached(from start: String) -> Set<String> {
    var found: Set<String> = []
    var open = Array(edges[start] ?? [])
    while let next = open.popLast() {
      if found.insert(next).inserted { open += edges[next] ?? [] }
    }
    return found
  }
  let reach = Dictionary(uniqueKeysWithValues: edges.keys.map { ($0, reached(from: $0)) })
  let groups = edges.keys.map { node in
    reach[node]!.filter { reach[$0]?.contains(node) == true }.sorted()
  }
  return Set(groups).filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
}

let paths = FileManager.default.enumerator(atPath: "Sources")?.compactMap { $0 as? String } ?? []
let files = try paths.filter { $0.hasSuffix(".swift") }.map { try File(path: "Sources/\($0)") }
var failed = false
for (module, files) in Dictionary(grouping: files, by: \.module).sorted(by: { $0.key < $1.key }) {
  var homes: [Substring: [String]] = [:]
  for file in files {
    for type in file.types { homes[type, default: []].append(file.folder) }
  }
  var edges: [String: Set<String>] = [:]
  for file in files {
    let used = file.words.compactMap { homes[$0].flatMap { $0.count == 1 ? $0[0] : nil } }
    edges[file.folder, default: []].formUnion(used.filter { $0 != file.folder })
  }
  for circle in circles(edges) {
    print("\(module): a circle between \(circle.joined(separator: ", "))")
    failed = true
  }
}
exit(failed ? 1 : 0)
