import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Caption decoder")
struct CaptionDecoderTests {
  static let figures = TestWriters.figures

  static let decoder = Result {
    var options = TestWriters.options()
    (options.embeddingSize, options.decoderSize) = (16, 24)
    options.settings.epochCount = 100
    options.settings.learningRate = 0.02
    return CaptionDecoder(try TestWriters.finished(figures, options).model())
  }

  /// One row for each of the figures, `[6, 5]`.
  static var vectors: Matrix<Float> {
    let rows = figures.map { text -> [Float] in
      guard case .vector(let vector) = text.source else { return [] }
      return vector
    }
    return Matrix(rowCount: rows.count, columnCount: 5, elements: rows.flatMap(\.self))
  }

  @Test func writesACaptionOfEachVector() throws {
    let decoder = try Self.decoder.get()
    #expect(decoder.vectorSize == 5)
    let captions = decoder.captions(of: Self.vectors)
    #expect(captions.count == 6)
    for (caption, figure) in zip(captions, Self.figures) {
      #expect(figure.targets.map { $0.lowercased() }.contains(caption.lowercased()))
    }
    #expect(decoder.captions(of: Self.vectors, threadCount: 3) == captions)
    #expect(decoder.captions(of: Matrix(rowCount: 0, columnCount: 5)).isEmpty)
  }

  @Test func searchesWithABeamUnlessTold() throws {
    let decoder = try Self.decoder.get()
    #expect(CaptionDecoder.options.beamSize == 5 && CaptionDecoder.options.lengthPenalty == 0)
    let sources = Self.figures.map { text -> GenerationSource in
      guard case .vector(let vector) = text.source else { return .tokens([]) }
      return .vector(vector)
    }
    var short = CaptionDecoder.options
    short.maximumLength = 2
    let captions = decoder.captions(of: Self.vectors)
    #expect(captions == decoder.model.texts(of: sources, options: CaptionDecoder.options))
    let cut = decoder.captions(of: Self.vectors, options: short)
    #expect(cut != captions && cut == decoder.model.texts(of: sources, options: short))
  }

  @Test func givesTokensAsTheyCome() async throws {
    let decoder = try Self.decoder.get()
    var options = CaptionDecoder.options
    options.beamSize = 1
    let captions = decoder.captions(of: Self.vectors, options: options)
    for (row, caption) in captions.enumerated() {
      var tokens: [Int32] = []
      for await token in decoder.tokens(of: Self.vectors.row(row)) { tokens.append(token.id) }
      #expect(decoder.model.targetCodec.decode(tokens) == caption)
    }
  }

  @Test func isLoadedFromAFileOfACaptioner() throws {
    let (folder, decoder) = (try TemporaryFolder(), try Self.decoder.get())
    try decoder.model.write(to: folder["c"])
    let read = try CaptionDecoder(contentsOf: folder["c"])
    #expect(read.captions(of: Self.vectors) == decoder.captions(of: Self.vectors))
    try TestWriters.model(TestWriters.numbers(20)).write(to: folder["t"])
    #expect {
      try CaptionDecoder(contentsOf: folder["t"])
    } throws: { error in
      "\(error)" == "\(folder["t"]): expected a captioner model, found a translator model"
    }
  }

  @Test func stopsAtVectorsOfAnotherWidthAndAtTranslators() async {
    await #expect(processExitsWith: .failure) {
      let model = try TestWriters.model(TestWriters.figures)
      _ = CaptionDecoder(model).captions(of: Matrix(rowCount: 1, columnCount: 4))
    }
    await #expect(processExitsWith: .failure) {
      _ = CaptionDecoder(try TestWriters.model(TestWriters.numbers(20)))
    }
  }
}
