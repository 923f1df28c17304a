extension TrainingRecord.Series {
  /// The series in words.
  package var subject: String {
    "\(experiment), \(network.rawValue), \(weights), \(epochsInWords)"
  }

  /// The epochs of the real network that the series started from, and its own, such as `3 + 3 epochs`.
  package var epochsInWords: String {
    let isAlone = network == .real || realEpochs == 0 || network == .straightThrough
    return (isAlone ? "\(epochs)" : "\(realEpochs) + \(epochs)") + (isAlone && epochs == 1 ? " epoch" : " epochs")
  }
}
