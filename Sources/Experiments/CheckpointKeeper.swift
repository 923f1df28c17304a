import Files
import Tensors
import Training

/// Writes checkpoints at the end of every epoch, once a minute within long epochs, and when the process is to stop.
package final class CheckpointKeeper {
  private let directory: RunDirectory
  private let device: Device
  private let interruption: Interruption
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant

  package init(_ directory: RunDirectory, on device: Device) {
    self.directory = directory
    self.device = device
    interruption = Interruption(endingWith: JobProcesses.beginner(ofTrainingIn: directory.path))
    last = clock.now
  }

  /// Writes a checkpoint if one is due, and logs the epoch that has just ended.
  ///
  /// - Parameter epoch: the epoch that has just ended, if one has.
  /// - Throws: `InterruptionError` if the process is to stop; errors from writing files.
  package func keep(_ run: borrowing TrainingRun<Float>, after epoch: EpochReport? = nil) throws {
    let interruption = interruption.error
    guard epoch != nil || interruption != nil || clock.now - last > .seconds(60) else { return }
    if let epoch {
      try directory.log(
        .epoch(
          .init(
            report: epoch, parametersSHA256: run.network.digest, seconds: run.seconds, peakMemory: peakMemory,
            certainty: run.network.certainty(on: device))))
    }
    try directory.keep(run.checkpoint())
    last = clock.now
    if let interruption { throw interruption }
  }
}
