import Experiments
import Foundation
import TestSupport

/// The files of a run that nobody trained, with few round numbers, no two of them equal.
enum RoundRun {
  /// Writes them, and reads them as `signet report`, `show` and `runs` do.
  ///
  /// - Parameters:
  ///   - change: made to the text of `run.json`.
  ///   - changeLog: made to the lines of the log.
  static func summary(
    _ folder: TemporaryFolder, _ name: String = "mine", isDone: Bool = true, change: (String) -> String = { $0 },
    changeLog: ([String]) -> [String] = { $0 }
  ) throws -> RunSummary {
    let path = folder.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try change(record).write(toFile: "\(path)/run.json", atomically: true, encoding: .utf8)
    let log = changeLog(isDone ? log : Array(log.prefix(7)))
    try (log.joined(separator: "\n") + "\n").write(toFile: "\(path)/log.jsonl", atomically: true, encoding: .utf8)
    return try RunSummary(path)
  }

  private static let record = """
    {"version":1,"signet":"1.2.3","compiler":"Swift","host":{"system":"Linux 6.1","processor":"a processor","cores":3,\
    "threads":2,"kernels":"plain"},"networks":["real","discrete-sign"],"seed":7,"realEpochs":4,"discreteEpochs":3,\
    "begun":"2026-03-08T04:30:00Z","data":[{"file":"images","sha256":"0a"},{"file":"labels","sha256":"0b"}],\
    "experiment":{"name":"digits","title":"digits, drawn","data":"digits","architecture":"256-256-10","batch":50,\
    "real":{"epochs":60,"weightStep":0.001,"otherStep":0.001,"cooldown":15,"patience":5,"regularization":0.0001,\
    "dropout":[0.1,0.2,0.2]},"discrete":{"epochs":100,"weightStep":0.01,"otherStep":0.001,"cooldown":15,"patience":8,\
    "regularization":1e-10,"dropout":[0.1,0.1,0.1]},"method":{"grids":["ternary"],"parameterization":"logits",\
    "initialization":"probability","regularizer":{"squares":{}},"sampling":"every-layer","estimator":"relaxed",\
    "temperature":1,"loss":"cross-entropy"}}}
    """

  /// Resumed twice: of each of four and three epochs, errors, loss, factor of the learning rates, seconds, MB.
  private static let log: [String] =
    (0..<4).map {
      epoch($0, of: 4, "real", [40, 10, 20, 30], [50, 25, 15, 5], [4, 3, 2, 1], [1, 1, 0.5, 0.25], seconds: 2)
    }
    + [
      result("real", "real", "tanh", epochs: 4, best: 2, validation: 0.1, test: 0.08, seconds: 9, digest: "4ea1"),
      #"{"type":"resumed","version":1,"network":"discrete-sign","epoch":0,"step":3}"#,
    ]
    + (0..<3).map {
      epoch(
        $0, of: 3, "discrete-sign", [64, 28, 42], [74, 51, 35], [9, 5.75, 4.5], [1, 0.5, 0.125], seconds: 60,
        certain: true)
    }
    + [
      #"{"type":"resumed","version":1,"network":"discrete-sign","epoch":2,"step":5}"#,
      result(
        "discrete-sign", "ternary", "sign", epochs: 3, best: 2, validation: 0.28, test: 0.24, seconds: 181,
        digest: "516e"),
    ]

  private static func epoch(
    _ index: Int, of epochs: Int, _ network: String, _ validation: [Double], _ training: [Double], _ loss: [Double],
    _ scale: [Double], seconds: Int, certain: Bool = false
  ) -> String {
    let counts = (0..<20).map { $0 == 8 ? "\(30 - 10 * index)" : $0 == 19 ? "\(70 + 10 * index)" : "0" }.joined(
      separator: ",")
    let values = ["[10,80,10]", "[25,60,15]", "[33,33,34]"][min(index, 2)]
    let certainty = certain ? #""certainty":[{"counts":[\#(counts)],"values":\#(values)}],"# : ""
    let isBest = validation[index] == validation[...index].min()
    return """
      {"type":"epoch","version":1,"epoch":{"parametersSHA256":"\(network)\(index + 1)","seconds":\(seconds * (index + 1)),\
      \(certainty)"peakMemory":\(50_000_000 + 1_000_000 * index),"report":{"network":"\(network)","epoch":\(index + 1),\
      "epochs":\(epochs),"loss":\(loss[index]),"trainingError":\(training[index] / 100),\
      "validationError":\(validation[index] / 100),"isBest":\(isBest),"stepScale":\(scale[index]),"lossBits":""}}}
      """
  }

  private static func result(
    _ network: String, _ weights: String, _ activation: String, epochs: Int, best: Int, validation: Double,
    test: Double,
    seconds: Int, digest: String
  ) -> String {
    """
    {"type":"network","version":1,"result":{"network":"\(network)","weights":"\(weights)","activation":"\(activation)",\
    "epochs":\(epochs),"bestEpoch":\(best),"validationError":\(validation),"testError":\(test),"seconds":\(seconds),\
    "parametersSHA256":"\(digest)"}}
    """
  }
}
