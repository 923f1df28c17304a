/// A method's test errors in percent, as published by its authors (`Method.md` §7).
struct PublishedResult {
  let method: String
  /// The paper that contains the numbers.
  let source: String
  let weights, activations: String
  var mnist = Numbers.none
  var cifar10 = Numbers.none
  var svhn = Numbers.none

  private static let hubara = "Hubara et al. 2016, NIPS"
  private static let peters = "Peters & Welling 2018, arXiv:1809.03368"
  private static let shayer = "Shayer et al. 2018, ICLR"
  private static let courbariaux = "Courbariaux et al. 2015, NIPS"

  static let all: [PublishedResult] = [
    .init(
      method: "BNN, Torch7", source: hubara, weights: "binary", activations: "binary", mnist: "1.40 (dense)",
      cifar10: "10.15", svhn: "2.53"),
    .init(
      method: "BNN, Theano", source: hubara, weights: "binary", activations: "binary", mnist: "0.96 (dense)",
      cifar10: "11.40", svhn: "2.80"),
    .init(
      method: "PBNet-S, ternary", source: peters, weights: "ternary", activations: "binary", mnist: "0.74 (conv.)",
      cifar10: "10.30"),
    .init(
      method: "PBNet-S, binary", source: peters, weights: "binary", activations: "binary", mnist: "0.78 (conv.)",
      cifar10: "10.90"),
    .init(
      method: "PBNet-S, binary, 16 networks", source: peters, weights: "binary", activations: "binary",
      mnist: "0.70 (conv.)", cifar10: "8.72"),
    .init(
      method: "LR-net", source: shayer, weights: "ternary", activations: "real", mnist: "0.50 (conv.)",
      cifar10: "6.74 (last layer real)"),
    .init(
      method: "BinaryConnect, deterministic", source: courbariaux, weights: "binary", activations: "real",
      mnist: "1.29 ± 0.08 (dense)", cifar10: "9.90", svhn: "2.30"),
  ]

  /// The results as a table.
  static var table: Table {
    Table(
      columns: [
        .init(title: "method"), .init(title: "weights"), .init(title: "activations"), .init(title: "MNIST"),
        .init(title: "CIFAR-10"), .init(title: "SVHN"), .init(title: "source"),
      ],
      rows: all.map { result in
        [
          result.method, result.weights, result.activations, result.mnist, result.cifar10, result.svhn, result.source,
        ].map { Table.Cell($0) }
      })
  }

  /// Where the numbers stand, and what the table does not have.
  static let places =
    "BNN and BinaryConnect stand in Table 1 of arXiv:1602.02830, PBNet-S in Table 1 of arXiv:1809.03368, as accuracies. LR-net's were "
    + "not looked up again for this page (arXiv:1710.07739). The numbers of Roth et al. 2019 themselves are not known to this program, "
    + "and neither are those of Ternary Weight Networks (arXiv:1605.04711) and Trained Ternary Quantization (arXiv:1612.01064): they "
    + "are left out."

  /// What to keep in mind when comparing the results.
  static let caveats =
    "Compare with care: the first and last layers of most of these networks are real-valued, where ours are discrete "
    + "throughout; the original BNN uses no augmentation; the paper’s networks for CIFAR-10 train on 45,000 images, "
    + "not 50,000; and these are results of full-length training."
}
