import Foundation
import Networks
import Nightly
import Reports
import Testing

/// Every drawing of a night's report, read back as numbers: from the places of its points and the labels of its axes.
@Suite("What a report draws is what was measured")
struct ReportValueTests {
  private let report: ReadReport
  init() throws { report = try ReadReport(RoundNights.report().html()) }

  /// The points of a curve in percent, from epoch 1.
  private func points(_ values: [Double], times factor: Double = 1) -> [[Double]] {
    values.enumerated().map { [Double($0 + 1), factor * $1] }
  }

  @Test("larger values are higher and later epochs further right, in every drawing with axes")
  func directions() throws {
    for figure in report.root.all("figure") {
      for drawing in try figure.withClass("panel").map(Drawing.init) {
        let (bottom, top) = (try #require(drawing.yTicks.first), try #require(drawing.yTicks.last))
        #expect(bottom.at > top.at, "\(drawing.title)")
        func number(_ label: String) -> Double { Double(label.prefix { $0.isNumber || $0 == "." }) ?? .nan }
        #expect(number(bottom.label) <= number(top.label), "\(drawing.title)")
        let (left, right) = (try #require(drawing.xTicks.first), try #require(drawing.xTicks.last))
        #expect(left.at < right.at && number(left.label) < number(right.label), "\(drawing.title)")
      }
    }
  }

  @Test("learning curves are the validation errors and the losses, epoch by epoch, with the median of the seeds")
  func curves() throws {
    let drawings = try report.drawings("curves-digits")
    try #require(drawings.map(\.title) == ["validation error, %", "training loss"])
    let medians = (validation: [64.0, 42, 28], loss: [9.0, 5.75, 5])
    for (drawing, curves, tolerance) in [
      (
        drawings[0],
        (
          RoundNights.real.validation.map { $0 * 100 }, RoundNights.sign.map { $0.validation.map { $0 * 100 } },
          medians.validation
        ),
        0.01
      ),
      (drawings[1], (RoundNights.real.loss, RoundNights.sign.map(\.loss), medians.loss), 0.002),
    ] {
      let (real, seeds, median) = curves
      expectNear(try drawing.lines("line", "s0").flatMap { $0 }, points(real), within: tolerance)
      expectNear(try drawing.lines("thin", "s2").flatMap { $0 }, seeds.flatMap { points($0) }, within: tolerance)
      expectNear(try drawing.lines("line", "s2").flatMap { $0 }, points(median), within: tolerance)
      // The dots are where the validation error is lowest, in both drawings.
      expectNear(try drawing.marks("best", "s0"), [[2, real[1]]], within: tolerance)
      expectNear(try drawing.marks("best", "s2"), [[3, median[2]]], within: tolerance)
    }
    expectNear(try drawings[0].marks("best", "s4"), [[1, 80]], within: 0.01)
    for text in ["10.00 at 2", "28.00 at 3", "80.00 at 1"] { #expect(drawings[0].texts.contains(text), "\(text)") }
    for text in ["3.00 at 2", "5.00 at 3", "7.00 at 1"] { #expect(drawings[1].texts.contains(text), "\(text)") }
    let caption = try #require(try report.figure("curves-digits").all("figcaption").first).text
    #expect(caption.contains("The median over 1 to 3 seeds."))
    let csv = try report.csv("curves-digits")
    #expect(csv.first == "drawing,line,epoch,value" && csv.count == 1 + 2 * (4 + 3 * 3 + 3 + 1))
    for line in [
      "\"validation error, %\",real,2,10", "training loss,real,2,3", "training loss,discrete-sign,2,5.75",
      "training loss,\"discrete-sign, seed 2\",2,5.5", "training loss,\"discrete-sign, seed 3\",2,5.75",
    ] { #expect(csv.contains(line), "\(line)") }
  }

  @Test("test errors by grid are means, their whiskers end one standard deviation above and below")
  func weightValues() throws {
    let drawing = try #require(try report.drawings("weight-values").first)
    #expect(drawing.title == "digits, 4 + 3 epochs" && drawing.note == "1 to 3 seeds")
    // The differences from the means are 2; 3, 1, 4; 3; 5; 1; 3.
    let deviations = [8, 13, 18, 50, 2, 18].map { $0.squareRoot() } as [Double]
    let means = [[2, 32], [3, 14], [4, 23], [5, 15], [3.75, 41], [4.25, 47]]
    expectNear(try drawing.lines("line", "s2").flatMap { $0 }, Array(means[..<4]), within: 0.01)
    // A triangle's middle is not that of its ends.
    expectNear(try drawing.marks("mark", "s2"), Array(means[..<4]), within: 0.2)
    expectNear(try drawing.marks("mark", "loose", "s2"), Array(means[4...]), within: 0.2)
    expectNear(
      try drawing.whiskers("whisker", "s2"),
      zip(means, deviations).map { [$0[0], $0[1] - $1, $0[1] + $1] }, within: 0.01)
    let rule = try #require(try drawing.lines("line", "s0").first)
    expectNear(rule.map { [$0[1]] }, [[8], [8]], within: 0.01)
    let csv = try report.csv("weight-values")
    #expect(csv[0] == "drawing,line,weight values,value,low,high" && csv.count == 1 + 6 + 1)
    #expect(csv[1].hasPrefix("\"digits, 4 + 3 epochs\",discrete-sign,binary,32,29.1715") && csv[1].contains(",34.8284"))
    #expect(csv.last == "\"digits, 4 + 3 epochs\",real,,8,,")
    let commands = try report.figure("weight-values").all("pre").flatMap { $0.all("code").map(\.text) }
    let all = "binary,ternary,quaternary-symmetric,quaternary-minus,quaternary-plus,quinary"
    #expect(
      commands
        == [
          "\(all) --networks real,discrete-sign --seeds 1", "\(all) --networks discrete-sign --seeds 2",
          "ternary --networks discrete-sign --seeds 3",
        ].map { ".build/release/signet sweep digits --weights \($0) --real-epochs 4 --discrete-epochs 3" })
  }

  @Test("an ensemble's line is the mean over the seeds by the number of its networks, each seed a thin line")
  func ensembles() throws {
    let drawing = try #require(try report.drawings("ensemble-errors").first)
    let members = [1.0, 2, 4, 8]
    func points(_ errors: [Double]) -> [[Double]] { zip(members, errors).map { [$0, $1] } }
    expectNear(try drawing.lines("line", "s2").flatMap { $0 }, points([23, 19, 16, 14]), within: 0.01)
    expectNear(
      try drawing.lines("thin", "s2").flatMap { $0 }, RoundNights.ensembles.flatMap { points($0.map { $0 * 100 }) },
      within: 0.01)
    #expect(drawing.xTicks.map(\.label) == ["1", "2", "4", "8"] && drawing.texts.contains("test error, %"))
    let csv = try report.csv("ensemble-errors")
    let lines = [#"digits,"discrete-sign, seed 1",8,12"#, #"digits,"discrete-sign, seed 3",8,17"#]
    for line in lines + ["digits,discrete-sign,8,14"] { #expect(csv.contains(line), "\(line)") }
  }

  @Test("times are medians in the unit of the last, their whiskers the fastest and the slowest round")
  func speed() throws {
    let drawing = try #require(try report.drawings("speed-history").first)
    #expect(drawing.title == "sum" && drawing.note == "26.0 ms" && drawing.texts.contains("ms"))
    let times = RoundNights.milliseconds
    expectNear(
      try drawing.lines("line", "s1").flatMap { $0 }, times.enumerated().map { [Double($0 + 1), $1[1]] }, within: 0.01)
    expectNear(
      try drawing.whiskers("whisker", "s1"), times.enumerated().map { [Double($0 + 1), $1[0], $1[2]] }, within: 0.01)
    let csv = try report.csv("speed-history")
    #expect(csv[0] == "drawing,line,night,value,low,high" && csv[8] == "sum,median,2026-03-08T04-30-00Z,26,16,31")
  }

  @Test("no sentence says that the axis of a benchmark which became much faster does not begin at 0, for it does")
  func axisFromZero() throws {
    var nights = RoundNights.nights()
    for index in nights.indices { nights[index].benchmarks = [.init(name: "sum", rounds: [index < 4 ? 1e8 : 1e6])] }
    let read = try ReadReport(Report(nights: nights, sweeps: []).html())
    #expect(try read.drawings("speed-history").first?.yTicks.first?.label == "0")
    #expect(try read.figure("speed-history").text.contains("The time axes need not begin at 0."))
  }

  @Test("a new level is marked between its nights: slower in the colour of what is bad, faster in that of what is good")
  func levels() throws {
    let slower = try #require(try report.drawings("speed-history").first)
    expectNear(try slower.lines("change", "bad").map { [$0[0][0]] }, [[4.5]], within: 0.01)
    #expect(try slower.parts("change", "good").isEmpty && slower.texts.contains("▲ +88 %"))
    let other = try ReadReport(Report(nights: RoundNights.nights(faster: true), sweeps: []).html())
    let faster = try #require(try other.drawings("speed-history").first)
    expectNear(try faster.lines("change", "good").map { [$0[0][0]] }, [[4.5]], within: 0.01)
    #expect(try faster.parts("change", "bad").isEmpty && faster.texts.contains("▼ −47 %"))
  }

  @Test("a level's change is that from the level before it, whatever came earlier")
  func severalLevels() throws {
    // Four nights each with medians of 10, 20 and 12 ms, from 12 November on.
    let times = [9.8, 10.2, 9.9, 10.1, 20.3, 19.7, 20.1, 19.9, 12.1, 11.9, 12.2, 11.8]
    var nights = SampleNights.history()
    for (index, time) in times.enumerated() { nights[index].benchmarks = [.init(name: "sum", rounds: [time * 1e6])] }
    let read = try ReadReport(Report(nights: nights, sweeps: []).html())
    let drawing = try #require(try read.drawings("speed-history").first)
    #expect(drawing.texts.filter { $0.hasSuffix(" %") } == ["▲ +100 %", "▼ −40 %"], "\(drawing.texts)")
    expectNear(try drawing.lines("change", "bad").map { [$0[0][0]] }, [[15.5]], within: 0.02)
    expectNear(try drawing.lines("change", "good").map { [$0[0][0]] }, [[19.5]], within: 0.02)
  }

  @Test("a benchmark that some nights lack has its times, and its new level, at the nights that timed it")
  func missingTimes() throws {
    // From 12 November on, except for the 13th and the 14th.
    let times = [9.8, 10.2, 9.9, 10.1, 10, 20.3, 19.7, 20.1, 19.9, 20.2]
    let days = [12] + Array(15...23)
    var nights = SampleNights.history()
    for index in nights.indices {
      let time = days.firstIndex(of: 12 + index).map { times[$0] * 1e6 }
      nights[index].benchmarks =
        [.init(name: "other", rounds: [5e6])] + (time.map { [.init(name: "sum", rounds: [$0])] } ?? [])
    }
    let drawings = try ReadReport(Report(nights: nights, sweeps: []).html()).drawings("speed-history")
    let drawing = try #require(drawings.first { $0.title == "sum" })
    expectNear(
      try drawing.lines("line", "s1").flatMap { $0 }, zip(days, times).map { [Double($0), $1] }, within: 0.1)
    // The first of the new level is the sixth time.
    expectNear(try drawing.lines("change", "bad").map { [$0[0][0]] }, [[18.5]], within: 0.1)
  }

  @Test("memory is the largest of a night's trainings in MiB")
  func memory() throws {
    let drawing = try #require(try report.drawings("memory-history").first)
    expectNear(
      try drawing.lines("line", "s0").flatMap { $0 },
      RoundNights.mebibytes.enumerated().map { [Double($0 + 1), Double($1)] }, within: 0.05)
    #expect(drawing.texts.contains("MiB"))
  }

  @Test("of several experiments, each line is the memory of its own trainings")
  func severalMemories() throws {
    var nights = Array(RoundNights.nights().prefix(3))
    for index in nights.indices {
      nights[index].trainings.append(
        TrainingRecord(
          experiment: "mnist-pi", architecture: "1200-1200-10", weights: "real", network: .real, seed: 1, epochs: 4,
          realEpochs: 4, command: "signet two", curve: [], result: nil, peakMemory: (1000 - 100 * index) << 20))
    }
    let read = try ReadReport(Report(nights: nights, sweeps: []).html())
    let drawing = try #require(try read.drawings("memory-history").first)
    expectNear(try drawing.lines("line", "s0").flatMap { $0 }, [[1, 100], [2, 110], [3, 120]], within: 0.5)
    expectNear(try drawing.lines("line", "s1").flatMap { $0 }, [[1, 1000], [2, 900], [3, 800]], within: 0.5)
  }

  @Test("a night without a measured memory has no place among the others")
  func unmeasuredMemory() throws {
    var nights = Array(RoundNights.nights().prefix(3))
    nights[1].trainings = []
    let read = try ReadReport(Report(nights: nights, sweeps: []).html())
    let drawing = try #require(try read.drawings("memory-history").first)
    #expect(drawing.xTicks.map(\.label) == ["1 Mar", "3 Mar"])
    expectNear(try drawing.lines("line", "s0").flatMap { $0 }, [[1, 100], [3, 120]], within: 0.5)
  }

  @Test("each cell of a heat map is at its epoch and probability, and its shade is that of its share")
  func certainty() throws {
    let drawings = try report.drawings("certainty-digits")
    #expect(drawings.map(\.title) == ["layer 1 of 2", "layer 2 of 2"] && drawings.map(\.note) == ["70 %", "74 %"])
    for (layer, drawing) in drawings.enumerated() {
      var cells: [[Double]] = []
      for shade in 1...8 {
        cells += try drawing.parts("heat-\(shade)").map { corners in
          let (upperLeft, lowerRight) = (corners[0], corners[2])
          return [
            try drawing.x(upperLeft.x), try drawing.x(lowerRight.x), try drawing.y(lowerRight.y),
            try drawing.y(upperLeft.y), Double(shade),
          ]
        }
      }
      let expected = RoundNights.certainty.enumerated().flatMap { epoch, layers in
        layers[layer].enumerated().filter { $0.element > 0 }.map { bin, count -> [Double] in
          // The darkest of eight shades is that of the largest share, 74 %; others are as the square root.
          let shade = (1...8).first { 74 * $0 * $0 >= 64 * count } ?? 0
          return [Double(epoch) + 0.5, Double(epoch) + 1.5, Double(bin) / 20, Double(bin + 1) / 20, Double(shade)]
        }
      }
      func inOrder(_ cells: [[Double]]) -> [[Double]] {
        cells.sorted { ($0[0].rounded(.down), $0[2]) < ($1[0].rounded(.down), $1[2]) }
      }
      expectNear(inOrder(cells), inOrder(expected), within: 0.002)
    }
    #expect(
      try report.figure("certainty-digits").withClass("legend")[0].all("li").map {
        $0.text.trimmingCharacters(in: .whitespacesAndNewlines)
      } == [
        "up to 74 % of the layer’s weights"
      ])
    let csv = try report.csv("certainty-digits")
    #expect(csv[0].hasPrefix("drawing,epoch,0,0.05,0.1,") && csv.count == 1 + 2 * 3)
    #expect(csv[2] == "layer 1 of 2,2,0,0,0,0,0,0,0,0.2,0,0,0,0,0.2,0,0,0,0,0,0,0.6")
  }

  @Test("of a long training's heat map 60 epochs are drawn, evenly from the first to the last")
  func longCertainty() throws {
    var night = SampleNights.nights(1)[0]
    let certainty = [LayerCertainty(counts: Array(repeating: 0, count: 19) + [100], values: [25, 50, 25])]
    night.trainings = [
      TrainingRecord(
        experiment: "one", architecture: "10", weights: "ternary", network: .discreteSign, seed: 1, epochs: 150,
        realEpochs: 0, command: "signet train",
        curve: (1...150).map {
          EpochPoint(
            epoch: $0, loss: 1, trainingError: 1, validationError: 1, learningRateScale: 1, certainty: certainty)
        }, result: nil, peakMemory: nil)
    ]
    let read = try ReadReport(Report(nights: [night], sweeps: []).html())
    let drawing = try #require(try read.drawings("certainty-one").first)
    // Each from its left to its right end.
    let cells = try drawing.parts("heat-8").map { [try drawing.x($0[0].x), try drawing.x($0[2].x)] }
    try #require(cells.count == 60)
    expectNear([cells[0], cells[59]].map { [$0[0]] } + [[cells[59][1]]], [[0.5], [149.5], [150.5]], within: 0.05)
    // 149 epochs in 59 steps.
    #expect(cells.dropLast().allSatisfy { 1.9...3.1 ~= $0[1] - $0[0] }, "\(cells)")
    #expect(try read.csv("certainty-one").count == 1 + 150, "the data have every epoch")
  }

  @Test("good is green and bad is red, in light and in dark")
  func colours() throws {
    let style = try #require(report.root.all("style").first).text
    func colours(_ name: String) -> [[Int]] {
      style.components(separatedBy: "--\(name): #").dropFirst().map { rest in
        let digits = Array(rest.prefix(6))
        return [0, 2, 4].map { Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
      }
    }
    let (good, bad) = (colours("good"), colours("bad"))
    #expect(good.count == 2 && bad.count == 2)
    for (good, bad) in zip(good, bad) { #expect(good[1] > good[0] && bad[0] > bad[1]) }
  }
}
