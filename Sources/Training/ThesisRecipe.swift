extension Recipe {
  /// The names of recipes that `--recipe` takes.
  public static let names = ["thesis"]

  /// The recipe with this name for an experiment; nil if there is no such recipe.
  ///
  /// - Throws: `RecipeError.notFor` if it has no constants for the experiment.
  public static func named(_ name: String, for experiment: Experiment) throws(RecipeError) -> Recipe? {
    guard names.contains(name) else { return nil }
    guard let values = thesis[experiment.name] else {
      throw .notFor(recipe: name, expected: thesis.keys.sorted(), found: experiment.name)
    }
    return try Recipe(values)
  }

  /// The protocol of the authors' later experiments: W. Roth, "Probabilistic Methods for Resource Efficiency in Machine Learning",
  /// Graz University of Technology, 2021. Learning rates are reduced in steps, not on a plateau; the real network uses ReLU;
  /// running averages are fitted to 100 batches.
  ///
  /// **Ours**: for the real network of mnist-pi, the number of epochs and when learning rates are reduced, both taken from mnist; and
  /// that the 100 batches are the first of the epoch's own.
  private static let thesis: [String: [String: String]] = [
    "mnist-pi": recipe(
      real: [
        "epochs": "600", "learning-rate": "3e-4", "weight-decay": "1e-5",
        "learning-rate-steps": "150:0.1,300:0.1,450:0.1",
      ],
      discrete: ["epochs": "500", "learning-rate-steps": halved]),
    "mnist": recipe(
      real: [
        "epochs": "600", "learning-rate": "3e-3", "weight-decay": "1e-6",
        "learning-rate-steps": "150:0.1,300:0.1,450:0.1",
      ],
      discrete: ["epochs": "500", "learning-rate-steps": halved]),
    "cifar-10": recipe(
      real: [
        "epochs": "300", "learning-rate": "1e-4", "weight-decay": "1e-3", "learning-rate-steps": "100:0.1,200:0.1",
      ],
      discrete: ["epochs": "300", "learning-rate-steps": "100:0.1,200:0.1"]),
    "cifar-100": recipe(
      real: [
        "epochs": "300", "learning-rate": "3e-4", "weight-decay": "1e-3", "learning-rate-steps": "100:0.1,200:0.1",
      ],
      discrete: ["epochs": "300", "learning-rate-steps": "100:0.1,200:0.1"]),
  ]

  private static let halved = "100:0.5,200:0.5,300:0.5,400:0.5"

  /// Adds to a data set's own values those that all have in common: one learning rate for all parameters of the real network.
  private static func recipe(real: [String: String], discrete: [String: String]) -> [String: String] {
    var values = [
      "real.activation": "relu", "real.running-factor": "0.01", "discrete.running-factor": "0.1",
      "discrete.statistics-batches": "100", "discrete.learning-rate": "0.01", "discrete.bias-learning-rate": "0.001",
      "discrete.regularization": "1e-10",
    ]
    for (key, value) in real { values["real.\(key)"] = value }
    values["real.bias-learning-rate"] = real["learning-rate"]
    for (key, value) in discrete { values["discrete.\(key)"] = value }
    return values
  }
}
