// Learns a sine wave, then goes on with it by its own outputs: swift run -c release
import Foundation
import Senti

let wave = (0..<201).map { Float(sin(0.3 * Double($0))) }
let inputs = [Matrix(rowCount: 200, columnCount: 1, elements: Array(wave.dropLast()))]
let targets = [Matrix(rowCount: 200, columnCount: 1, elements: Array(wave.dropFirst()))]

var model = SequenceModel<Float>(
  StackConfiguration(.gru, inputSize: 1, hiddenSize: 32), outputSize: 1, seed: 1)
var optimizer = Optimizer<Float>(.adam(), layout: model.layout)
for step in 1...300 {
  let pass = model.lossAndGradients(of: inputs, targets: targets)
  optimizer.update(&model.parameters, pass.gradients, learningRate: 0.01)
  if step.isMultiple(of: 100) { print("step \(step): loss \(pass.loss)") }
}

var known = Array(wave.prefix(60))
for step in 60..<90 {
  let read = Matrix(rowCount: step, columnCount: 1, elements: known)
  known.append(model.outputs(of: [read])[0][step - 1, 0])
  print("\(step)  forecast \(known[step])  sine \(wave[step])")
}
