import Foundation
import Senti
import SentiTestSupport
import Testing

/// The article ``RecurrentNets``: its snippets compile and do what it says.
@Suite("Tutorial")
struct TutorialTests {
  private static var article: String {
    get throws {
      try String(
        contentsOf: Repository.folder.appending(
          path: "Sources/Senti/Senti.docc/RecurrentNets.md"), encoding: .utf8)
    }
  }

  @Test func aNetLearnsThreeSteps() {
    var model = SequenceModel<Float>(
      StackConfiguration(.rnn, inputSize: 1, hiddenSize: 16), outputSize: 1, seed: 1)
    let inputs = [Matrix<Float>(rowCount: 3, columnCount: 1, elements: [0.1, 0.2, 0.3])]
    let targets = [Matrix<Float>(rowCount: 3, columnCount: 1, elements: [0.2, 0.3, 0.4])]
    var optimizer = Optimizer<Float>(.adam(), layout: model.layout)
    for _ in 0..<200 {
      let pass = model.lossAndGradients(of: inputs, targets: targets)
      optimizer.update(&model.parameters, pass.gradients, learningRate: 0.01)
    }
    #expect(model.lossAndGradients(of: inputs, targets: targets).loss < 1e-4)
  }

  /// Every line of Swift in the article stands in this file.
  @Test func theSnippetsAreThoseOfTheTests() throws {
    let own = try String(contentsOfFile: #filePath, encoding: .utf8)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let parts = try Self.article.components(separatedBy: "```")
    let snippets = parts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    #expect(snippets.count == 2)
    for line in snippets.flatMap({ $0.split(separator: "\n").dropFirst() }) {
      let code = line.trimmingCharacters(in: .whitespaces)
      #expect(own.contains(code), "\(code)")
    }
  }
}
