import Experiments
import Files
import Networks
import Training

extension RunReport {
  /// A CSV table with a row for each epoch of each network. Errors are fractions.
  package func epochsCSV() -> String {
    let names = [
      "run", "network", "weights", "seed", "epoch", "epochs", "loss", "trainingError", "validationError",
      "stepScale", "isBest", "seconds", "peakMemory", "parametersSHA256",
    ]
    let rows = runs.flatMap { run in
      run.summary.epochs.map { epoch -> [String] in
        let report = epoch.report
        return [
          run.name, report.network.rawValue, run.summary.run.experiment.weights(of: report.network),
          "\(run.summary.run.seed)", "\(report.epoch)", "\(report.epochs)", CSV.number(report.loss),
          CSV.number(report.trainingError), CSV.number(report.validationError), CSV.number(report.learningRateScale),
          "\(report.isBest)", CSV.number(epoch.seconds), epoch.peakMemory.map { "\($0)" } ?? "",
          epoch.parametersSHA256,
        ]
      }
    }
    return CSV.text([names] + rows)
  }

  /// A CSV table with a row for each network that was asked for and for each one that these start from; cells not known yet are empty.
  /// Errors are fractions. Of a network that is not done, the best epoch and the validation error are those so far.
  package func resultsCSV() -> String {
    let names = [
      "run", "experiment", "architecture", "network", "weights", "activation", "seed", "state", "epochs", "bestEpoch",
      "validationError", "testError", "seconds", "parametersSHA256", "dataNote",
    ]
    let rows = runs.flatMap { run in
      run.summary.networks.map { network -> [String] in
        let experiment = run.summary.run.effectiveExperiment
        let result = run.summary.result(of: network)
        let last = run.summary.epochs(of: network).last
        let best = run.summary.bestEpoch(of: network)?.report
        let bestEpoch = result?.bestEpoch ?? best?.epoch
        let state = result != nil ? "done" : last == nil ? "not begun" : "unfinished"
        return [
          run.name, experiment.name, "\(experiment.architecture)", network.rawValue, experiment.weights(of: network),
          result?.activation ?? experiment.activation(of: network), "\(run.summary.run.seed)", state,
          "\(result?.epochs ?? last?.report.epoch ?? 0)", bestEpoch.map { "\($0)" } ?? "",
          CSV.number(result?.validationError ?? best?.validationError), CSV.number(result?.testError),
          CSV.number(result?.seconds ?? last?.seconds), result?.parametersSHA256 ?? "",
          run.summary.run.note ?? "",
        ]
      }
    }
    return CSV.text([names] + rows)
  }
}
