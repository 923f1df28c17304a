import Experiments
import Files
import Networks
import Training

/// The paper's table as far as records fill it: every network's errors over seeds, comparisons between methods, and what is missing.
///
/// Networks stand together only if their version, data and every constant agree: a short training is never mixed with a whole one.
package struct PaperTable: Encodable {
  /// The trials: experiments in the order of the catalogue, the paper's protocol first.
  package let trials: [Trial]
  /// Every network of the paper, trained or not.
  package let networks: [PaperNetwork]
  /// How many seeds each network of the paper is to have.
  package let seedsWanted: Int
  /// How many records there are, and how many were left out because they do not say what they depend on.
  package let recordCount, leftOut: Int

  /// - Parameters:
  ///   - records: each network once.
  ///   - leftOut: how many records do not say what they depend on; such records are not among `records`.
  ///   - seedsWanted: how many seeds each network of the paper is to have (**ours**).
  package init(_ records: [Sweep.Record], leftOut: Int = 0, seedsWanted: Int = Plan.seeds.count) throws {
    let known = records.compactMap { KnownRecord($0) }
    trials = try Trial.all(of: known)
    networks = PaperNetwork.all(of: trials, known, seeds: seedsWanted)
    (self.seedsWanted, recordCount) = (seedsWanted, records.count)
    self.leftOut = leftOut + records.count - known.count
  }
}
