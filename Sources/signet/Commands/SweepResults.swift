import Experiments
import Training

/// The records of results files for a report; what is left out of each is told in a line on standard error.
func reportedResults(in paths: [String]) throws -> [Sweep.Record] {
  try paths.flatMap { path in
    let results = try ReportedResults(path)
    if let remark = results.remark { notice(remark) }
    return results.records
  }
}
