import Experiments
import Networks
import Nightly
import Reports
import Testing
import Training

@Suite("What a report takes together, keeps apart and leaves out")
struct ReportSelectionTests {
  /// A training with a curve of these validation errors.
  private static func training(
    _ experiment: String, _ network: NetworkKind = .discreteSign, _ weights: String = "ternary", seed: UInt64 = 1,
    realEpochs: Int = 0, epochs: Int? = nil, errors: [Double], certainty: [LayerCertainty]? = nil
  ) -> TrainingRecord {
    TrainingRecord(
      experiment: experiment, architecture: "10", weights: weights, network: network, seed: seed,
      epochs: epochs ?? errors.count,
      realEpochs: realEpochs, command: "signet train",
      curve: errors.enumerated().map { index, error in
        EpochPoint(
          epoch: index + 1, loss: 1, trainingError: 0.9, validationError: error, learningRateScale: 1,
          certainty: certainty)
      }, result: nil, peakMemory: nil)
  }

  private func report(_ trainings: [TrainingRecord], sweeps: [Sweep.Record] = []) throws -> ReadReport {
    var night = SampleNights.nights(1)[0]
    night.trainings = trainings
    return try ReadReport(Report(nights: [night], sweeps: sweeps).html())
  }

  @Test("Curves are those of one experiment, with the weights that most of its own trainings have")
  func experiments() throws {
    let others = (1...3).map { Self.training("other", .discreteSign, "quinary", seed: $0, errors: [0.3, 0.2]) }
    let read = try report(
      [
        Self.training("one", errors: [0.5, 0.4]), Self.training("other", .real, "real", errors: [0.1, 0.05]),
        Self.training("other", errors: [0.8, 0.7]),
      ] + others)
    let one = try read.drawings("curves-one")[0]
    expectNear(try one.lines("line", "s2").flatMap { $0 }, [[1, 50], [2, 40]], within: 0.01)
    #expect(try one.lines("line", "s0").isEmpty)
    let other = try read.drawings("curves-other")[0]
    expectNear(try other.lines("line", "s0").flatMap { $0 }, [[1, 10], [2, 5]], within: 0.01)
    expectNear(try other.lines("line", "s2").flatMap { $0 }, [[1, 30], [2, 20]], within: 0.01)
    let captions = try ["one", "other"].map {
      try #require(try read.figure("curves-\($0)").all("figcaption").first).text
    }
    #expect(captions[0].contains("One seed.") && !captions[0].contains("Discrete weights"))
    // One seed of the real network, three of the discrete one.
    #expect(captions[1].contains("The median over 1 to 3 seeds. Discrete weights: quinary only"))
  }

  @Test("A training that is not finished is no part of its network's median, which says of how many seeds it is")
  func unfinished() throws {
    let read = try report(
      [[0.5, 0.4, 0.3], [0.7, 0.6, 0.5], [0.1, 0.2]].enumerated().map { index, errors in
        Self.training("one", seed: UInt64(index + 1), epochs: 3, errors: errors)
      })
    let drawing = try read.drawings("curves-one")[0]
    expectNear(try drawing.lines("line", "s2").flatMap { $0 }, [[1, 60], [2, 50], [3, 40]], within: 0.01)
    expectNear(try drawing.marks("best", "s2"), [[3, 40]], within: 0.01)
    expectNear(
      try drawing.lines("thin", "s2").flatMap { $0 },
      [[1, 50], [2, 40], [3, 30], [1, 70], [2, 60], [3, 50], [1, 10], [2, 20]], within: 0.01)
    let caption = try #require(try read.figure("curves-one").all("figcaption").first).text
    #expect(caption.contains("The median over 2 seeds."), "\(caption)")
    #expect(caption.contains("Those that end before the others of their network are not part of its median."))
  }

  @Test("How certain an experiment's weights become is shown of a training of its own")
  func certainty() throws {
    let certainty = [LayerCertainty(counts: Array(repeating: 0, count: 18) + [1, 3], values: [1, 2, 1])]
    let read = try report([
      Self.training("one", .discreteTanh, errors: [0.5], certainty: certainty),
      Self.training("two", .discreteSign, seed: 2, errors: [0.5], certainty: certainty),
    ])
    for (experiment, words) in [("one", "discrete-tanh, ternary, seed 1"), ("two", "discrete-sign, ternary, seed 2")] {
      let caption = try #require(try read.figure("certainty-\(experiment)").all("figcaption").first).text
      #expect(caption.contains("Layers of \(words)."), "\(caption)")
    }
  }

  @Test("Commands read the data where tonight's trainings read them, or else where an example has them")
  func data() throws {
    var training = Self.training("mnist-pi", errors: [0.5])
    training.data = "/somewhere/mnist"
    let swept = RoundTable.record(
      .discreteSign, seed: 1, epochs: (4, 3), test: 0.1, validation: 0.1, secondsPerEpoch: 1)
    for (trainings, directory) in [([training], "/somewhere/mnist"), ([], "data/mnist")] {
      let commands = try report(trainings, sweeps: [swept]).figure("weight-values").all("pre").map(\.text)
      #expect(
        commands == [
          ".build/release/signet sweep mnist-pi --weights ternary --networks discrete-sign --seeds 1 --real-epochs 4 "
            + "--discrete-epochs 3 --data " + directory
        ])
    }
  }

  @Test("The commands of an ensemble train the network and evaluate it on the same data")
  func ensembleCommands() throws {
    var training = Self.training("mnist-pi", errors: [0.5])
    training.ensemble = [EnsemblePoint(members: 1, error: 0.5), EnsemblePoint(members: 2, error: 0.25)]
    let run = "runs/ensemble-mnist-pi-ternary-1"
    for (directory, option) in [("/somewhere/mnist", " --data /somewhere/mnist"), (nil, "")] {
      training.data = directory
      #expect(
        try report([training]).figure("ensemble-errors").all("code").map(\.text) == [
          "signet train --out \(run)",
          ".build/release/signet evaluate \(run) --networks discrete-sign --ensemble 16\(option)",
        ])
    }
  }

  @Test("A drawing of ensembles is of one experiment")
  func ensembles() throws {
    let errors = [("one", [0.5, 0.4, 0.25]), ("other", [0.8, 0.7, 0.6])]
    let read = try report(
      errors.map { experiment, errors in
        var training = Self.training(experiment, errors: [0.5])
        training.ensemble = zip([1, 2, 4], errors).map { EnsemblePoint(members: $0, error: $1) }
        return training
      })
    let drawings = try read.drawings("ensemble-errors")
    #expect(drawings.map(\.title) == ["one", "other"])
    for (drawing, points) in zip(drawings, [[[1.0, 50], [2, 40], [4, 25]], [[1, 80], [2, 70], [4, 60]]]) {
      expectNear(try drawing.lines("line", "s2").flatMap { $0 }, points, within: 0.02)
    }
  }

  @Test("A row of the paper's table is of its own experiment")
  func rows() throws {
    let read = try report([
      Self.training("one", errors: [0.5]), Self.training("other", .real, "real", errors: [0.1]),
      Self.training("other", errors: [0.8]),
    ])
    let rows = try read.section("paper").all("table")[0].cells.dropFirst()
    #expect(
      rows.map { Array($0.prefix(2)) } == [["one", "discrete-sign"], ["other", "real"], ["other", "discrete-sign"]])
  }

  @Test("Experiments of the catalogue come first, then others by name")
  func order() throws {
    let names = "hgfedcba".map(String.init) + ["mnist-pi", "digits"]
    let read = try report(names.map { Self.training($0, errors: [0.5]) })
    let figures = read.root.all("figure").compactMap { $0["id"] }.filter { $0.hasPrefix("curves-") }
    #expect(figures == ["curves-digits", "curves-mnist-pi"] + "abcdefgh".map { "curves-\($0)" })
  }

  @Test("Networks that start from real ones of other epochs stand apart, as do those of other epochs of their own")
  func epochs() throws {
    let sweeps = [(4, 3, 0.1), (8, 3, 0.2), (4, 6, 0.3)].map { realEpochs, epochs, error in
      RoundTable.record(
        .discreteSign, seed: 1, of: .digits, epochs: (realEpochs, epochs), test: error, validation: error,
        secondsPerEpoch: 1)
    }
    let drawings = try report([], sweeps: sweeps).drawings("weight-values")
    #expect(drawings.map(\.title) == ["8 + 3", "4 + 6", "4 + 3"].map { "digits, \($0) epochs" })
    for (drawing, error) in zip(drawings, [20.0, 30, 10]) {
      expectNear(try drawing.marks("mark", "s2"), [[3, error]], within: 0.05)
    }
    // Of two networks the first stands on the left.
    let both = [(NetworkKind.discreteTanh, 0.1), (.discreteSign, 0.2)].map { network, error in
      RoundTable.record(
        network, seed: 1, of: .digits, epochs: (4, 3), test: error, validation: error, secondsPerEpoch: 1)
    }
    let drawing = try report([], sweeps: both).drawings("weight-values")[0]
    expectNear(try drawing.marks("mark", "s1"), [[2.965, 10]], within: 0.03)
    expectNear(try drawing.marks("mark", "s2"), [[3.035, 20]], within: 0.03)
  }

  @Test("Names stand at the ends of lines as long as there is room for all of them, and in a legend otherwise")
  func names() throws {
    for (count, isBeside) in [(3, true), (14, false)] {
      // Networks of one kind and weights differ in the epochs of the real one.
      let figure = try report((1...count).map { Self.training("one", realEpochs: $0, errors: [0.5, 0.4]) }).figure(
        "curves-one")
      let panel = try #require(figure.withClass("panel").first)
      let ends = panel.withClass("end-name").map(\.text).joined(separator: " ")
      #expect(ends.isEmpty != isBeside, "\(count): \(ends)")
      if isBeside { #expect(ends.contains("\(count) + 2 epochs"), "\(ends)") }
    }
    // A long name is broken after a hyphen.
    let figure = try report([Self.training("one", .discreteSignFromTanh, errors: [0.5, 0.4])]).figure("curves-one")
    let panel = try #require(figure.withClass("panel").first)
    #expect(panel.withClass("end-name").map(\.text) == ["discrete-sign-", "from-tanh"])
  }

  @Test("A name stands beside the end of its own line, the upper name at the upper end")
  func lineEnds() throws {
    let drawing = try report([
      Self.training("one", .real, "real", errors: [0.1, 0.5]), Self.training("one", errors: [0.6, 0.2]),
    ]).drawings("curves-one")[0]
    var heights: [Double] = []
    for (style, name, end) in [("s0", "real", 50.0), ("s2", "discrete-sign", 20.0)] {
      let leader = try #require(try drawing.parts("leader", style).first)
      expectNear([[try drawing.y(leader[0].y)]], [[end]], within: 0.05)
      let label = try #require(drawing.svg.withClass("end-name", style).first)
      #expect(label.text == name)
      heights.append(try #require(label["y"].flatMap { Double($0) }))
    }
    #expect(heights[0] < heights[1])
  }

  @Test("A report without timings says so, and which command measures them")
  func untimed() throws {
    var night = SampleNights.nights(1)[0]
    night.benchmarks = []
    let speed = try ReadReport(Report(nights: [night], sweeps: []).html()).section("speed")
    #expect(
      speed.text.contains("No night has timings from this machine. To make them:") && speed.text.contains("ci/nightly"))
    #expect(speed.all("figure").isEmpty)
  }
}
