import Foundation
import Golden
import Networks
import Tensors
import TestSupport
import Testing
import Training
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Traces: their form, and where two differ")
struct TraceTests {
  private func golden(_ name: String = "digits") throws -> Trace {
    try Trace.decode("traces/\(name).json", from: .builtIn)
  }

  @Test("every step's bits are the golden ones", arguments: TraceSuite.cases(.builtIn, on: .single))
  func traces(_ run: VerificationCase) {
    expectPassed(run.run())
  }

  @Test("every experiment's kind of network, every grid and every choice of the method has a trace")
  func coverage() throws {
    let names = Set(TraceExperiment.all.map(\.name))
    #expect(names.count == TraceExperiment.all.count)
    // The quarter's trace would be that of cifar-10, whose channels are few, too.
    #expect(names.isSuperset(of: Experiment.all.map(\.name).filter { $0 != "cifar-10-quarter" }))
    #expect(names.isSuperset(of: WeightGrid.all.map { "grid-\($0.name)" }))
    let digits = try golden()
    #expect(digits.networks.map(\.network) == NetworkKind.allCases)
    #expect(digits.networks.allSatisfy { $0.steps.count == 4 && $0.validationErrors.count == 2 })
    #expect(digits.networks.allSatisfy { network in network.steps.allSatisfy { $0.tensors.count >= 8 } })
  }

  @Test("a trace written and read is the same")
  func coding() throws {
    let digits = try golden()
    let again = try JSONDecoder().decode(Trace.self, from: JSONEncoder().encode(digits))
    #expect(again == digits && again.firstDivergence(from: digits) == nil)
    for text in ["0.5", "0.5 3f000001", "x 3f000000", "0.5 3f000000 1", ""] { #expect(TracedNumber(text) == nil) }
    #expect(TracedNumber("0.5 3f000000")?.value == 0.5)
  }

  /// A change of a golden trace, and what its first divergence must name.
  struct Change: CustomTestStringConvertible {
    let what: String
    let names: [String]
    let change: @Sendable (inout Trace) -> Void
    var testDescription: String { what }
  }

  private static func replacing(
    _ step: StepTrace, loss: Float? = nil, tensor index: Int? = nil, _ change: (Tensor<Float>) -> Tensor<Float> = { $0 }
  ) -> StepTrace {
    // A network of one tensor stands for the changed one.
    let loss = loss.map { TracedNumber($0) } ?? step.loss
    let tensors = step.tensors.enumerated().map { place, tensor in
      place == index ? TracedTensor(tensor.name, change(Tensor([1], [tensor.numbers[0].number.value]))) : tensor
    }
    return StepTrace(epoch: step.epoch, step: step.step, loss: loss, tensors: tensors)
  }

  static let changes = [
    Change(what: "one ulp of a loss", names: ["discrete-sign, epoch 1, step 2: loss", "1 ulps"]) { trace in
      let step = trace.networks[2].steps[1]
      trace.networks[2].steps[1] = replacing(step, loss: step.loss.value.nextUp)
    },
    Change(what: "one number of a tensor", names: ["real, epoch 2, step 1: block1.normalization.scale[0]", "1 ulps"]) {
      trace in
      let step = trace.networks[0].steps[2]
      trace.networks[0].steps[2] = replacing(step, tensor: 1) { Tensor([1], [$0.scalars[0].nextDown]) }
    },
    Change(what: "a step that is missing", names: ["discrete-tanh", "expected 4 steps, found 3"]) {
      $0.networks[1].steps.removeLast()
    },
    Change(what: "a network that is missing", names: ["expected 5 networks, found 4"]) { $0.networks.removeLast() },
    Change(what: "two networks swapped", names: ["expected the network real, found discrete-tanh"]) {
      $0.networks.swapAt(0, 1)
    },
    Change(what: "another validation error", names: ["straight-through, epoch 2: validation error"]) {
      $0.networks[4].validationErrors[1] += 0.05
    },
    Change(what: "another best epoch", names: ["best epoch: expected parameters"]) {
      $0.networks[3].parametersSHA256 = "0"
    },
  ]

  @Test("a change is found and reported where it first shows", arguments: changes)
  func planted(_ planted: Change) throws {
    let golden = try golden()
    var trace = golden
    planted.change(&trace)
    let difference = try #require(trace.firstDivergence(from: golden))
    for name in planted.names { #expect(difference.contains(name), "\(difference)") }
    if case .outside(let deviation) = TraceSuite.result(of: "digits", trace, golden).verdict {
      #expect(deviation.description.contains(difference))
    } else {
      Issue.record("the suite lets it pass")
    }
  }

  @Test("if several tensors differ after a step, the first is told, and how many of all they are")
  func severalTensors() throws {
    let golden = try golden()
    var trace = golden
    let step = golden.networks[0].steps[1]
    let first = Self.replacing(step, tensor: 1) { Tensor([1], [$0.scalars[0].nextDown]) }
    trace.networks[0].steps[1] = Self.replacing(first, tensor: 5) { Tensor([1], [$0.scalars[0].nextUp]) }
    let difference = try #require(trace.firstDivergence(from: golden))
    #expect(difference.hasPrefix("real, epoch 1, step 2: \(step.tensors[1].name)[0]: expected "))
    #expect(difference.hasSuffix("; 2 of \(step.tensors.count) tensors differ"), "\(difference)")
  }

  @Test("between numbers of different signs, the distance counts the floats through zero")
  func signs() throws {
    func trace(of number: Float) throws -> Trace {
      var trace = try golden()
      trace.networks[0].steps[0] = Self.replacing(trace.networks[0].steps[0], tensor: 0) { _ in Tensor([1], [number]) }
      return trace
    }
    let least = Float.leastNonzeroMagnitude
    let difference = try trace(of: -2 * least).firstDivergence(from: trace(of: least))
    #expect(difference?.hasSuffix(", 3 ulps") == true, "\(difference ?? "none")")
  }

  @Test("if only a digest differs, the first recorded number that differs is reported as well")
  func digestAlone() throws {
    let golden = try golden()
    var text = String(decoding: try JSONEncoder().encode(golden), as: UTF8.self)
    let first = golden.networks[0].steps[0].tensors
    text = text.replacing(
      "\(first[0].name) \(first[0].digest)", with: "\(first[0].name) 0123456789abcdef", maxReplacements: 1)
    let trace = try JSONDecoder().decode(Trace.self, from: Data(text.utf8))
    let difference = try #require(trace.firstDivergence(from: golden))
    #expect(
      difference == "real, epoch 1, step 1: \(first[0].name): a number between those kept: "
        + "expected digest \(first[0].digest), found 0123456789abcdef")
    var later = trace
    let step = trace.networks[0].steps[2]
    later.networks[0].steps[2] = Self.replacing(step, loss: step.loss.value.nextUp)
    let both = try #require(later.firstDivergence(from: golden))
    #expect(
      both.hasPrefix(difference + "; first in a number that is kept: step 1: loss: expected ")
        && both.hasSuffix(" 1 ulps"))
  }

  @Test("a case trains on its device's threads", .enabled(if: isLinux))
  func threads() throws {
    let tasks = "/proc/self/task"
    func workers() throws -> Set<String> {
      let all = try FileManager.default.contentsOfDirectory(atPath: tasks)
      return Set(
        all.filter { task in
          (try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8)) == "signet-worker\n"
        })
    }
    /// How often each thread has waited for work.
    func waits(_ threads: Set<String>) -> [Int] {
      threads.sorted().map { thread in
        let status = (try? String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: #/voluntary_ctxt_switches:\s+(\d+)/#).flatMap { Int($0.1) } ?? 0
      }
    }
    /// Waits until it is so, for some seconds at most.
    func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
      for _ in 0..<500 {
        if try isSo() { return true }
        Thread.sleep(forTimeInterval: 0.01)
      }
      return false
    }
    let others = try workers()
    let device = Device.processor(threads: 3)
    try #require(device.threads == 3)
    try #require(try eventually { try workers().subtracting(others).count >= 2 })
    let own = try workers().subtracting(others)
    try #require(eventually { waits(own).allSatisfy { $0 > 0 } })
    let before = waits(own)
    let golden = try #require(TraceSuite.cases(.builtIn, on: device).first { $0.name == "digits, 3 threads" })
    expectPassed(golden.run())
    #expect(eventually { zip(waits(own), before).allSatisfy { $0 > $1 } })
  }

  @Test("another seed gives other bits, so that the comparison can fail")
  func anotherTrace() throws {
    let experiment = try #require(TraceExperiment.all.first { $0.name == "grid-ternary" })
    let golden = try golden("grid-ternary")
    #expect(try experiment.record(seed: 1, on: .single).firstDivergence(from: golden) == nil)
    let other = try #require(try experiment.record(seed: 2, on: .single).firstDivergence(from: golden))
    #expect(other.hasPrefix("real, epoch 1, step 1: loss: expected "))
  }
}
