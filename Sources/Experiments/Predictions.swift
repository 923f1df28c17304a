import Datasets
import Files
import Networks
import Tensors

/// A deployed network's predictions for images: the class and the scores of each.
package struct Predictions {
  /// A name for the set of images.
  package let part: String
  package let network: NetworkKind
  private let networkInWords: String
  /// The images' classes; nil if they are not known.
  package let labels: [Int]?
  /// The outputs of the last layer, or their softmax, or an ensemble's mean softmax; shape `(N, C)`.
  package let scores: Tensor<Float>
  /// The class of the largest output, the lowest at a tie.
  package let classes: [Int]
  /// What must be said of errors on these images; nil if there is nothing.
  package let dataNote: String?

  /// Evaluates a network; results do not depend on the batch size.
  ///
  /// - Parameters:
  ///   - isLabelled: whether the images' labels are known.
  ///   - asProbabilities: whether scores are the softmax of the outputs.
  ///   - dataNote: what must be said of errors on these images.
  ///   - progress: called with the number of images done.
  package init(
    of model: TrainedModel, on images: LabelledImages, part: String, isLabelled: Bool, asProbabilities: Bool,
    dataNote: String? = nil, batch: Int = 100, device: Device, progress: (_ done: Int) -> Void
  ) {
    (scores, classes) = model.scores(
      of: images, asProbabilities: asProbabilities, batch: batch, device: device, progress: progress)
    (self.part, network, networkInWords, self.dataNote) = (part, model.network, model.networkInWords, dataNote)
    labels = isLabelled ? images.labels.map { Int($0) } : nil
  }

  private var classCount: Int { scores.columns }

  /// The start of an image's line: its number, its label if known, and the class.
  private func facts(_ index: Int) -> [String] {
    ["\(index)"] + (labels.map { ["\($0[index])"] } ?? []) + ["\(classes[index])"]
  }

  private func scores(of index: Int) -> [Float] { (0..<classCount).map { scores[index, $0] } }

  /// A header, then a line for each image: `index,label,class,score0,score1,…`.
  package var csv: String {
    let header = ["index"] + (labels == nil ? [] : ["label"]) + ["class"] + (0..<classCount).map { "score\($0)" }
    let rows = classes.indices.lazy.map { facts($0) + scores(of: $0).map { "\($0)" } }
    return CSV.text([header] + rows)
  }

  /// One JSON object per image, one per line.
  package var jsonLines: String {
    classes.indices.map { index in
      let label = labels.map { #""label":\#($0[index]),"# } ?? ""
      let scores = scores(of: index).map { "\($0)" }.joined(separator: ",")
      return #"{"index":\#(index),\#(label)"class":\#(classes[index]),"scores":[\#(scores)]}"# + "\n"
    }.joined()
  }

  /// The scores as an NPY file.
  package var npy: [UInt8] { NPYWriter.bytes(scores) }

  /// The confusion matrix; nil if the labels are not known.
  package var confusion: ConfusionMatrix? {
    labels.map {
      ConfusionMatrix(
        network: network, inWords: networkInWords, part: part, labels: $0, classes: classes, classCount: classCount,
        dataNote: dataNote)
    }
  }
}

/// A confusion matrix: how many images of each class a network assigns to each class.
package struct ConfusionMatrix: Encodable, Equatable {
  package let network: NetworkKind
  /// The network for the text, which may be several that were sampled from it.
  private let networkInWords: String
  package let part: String
  package let images: Int
  /// Images whose class is not their label.
  package let errors: Int
  /// `errors` as a fraction of all images.
  package let error: Double
  /// A row for each label, a column for each predicted class.
  package let confusion: [[Int]]
  /// The fraction of each class's images that are taken for another class; nil for a class without images.
  package let classErrors: [Double?]
  /// What must be said of errors on these images; nil if there is nothing.
  package let dataNote: String?

  private enum CodingKeys: CodingKey {
    case network, part, images, errors, error, confusion, classErrors, dataNote
  }

  /// - Parameter inWords: the network for the text; nil for its name.
  package init(
    network: NetworkKind, inWords: String? = nil, part: String, labels: [Int], classes: [Int], classCount: Int,
    dataNote: String? = nil
  ) {
    var counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    for (label, predicted) in zip(labels, classes) { counts[label][predicted] += 1 }
    (self.network, self.part, confusion, images) = (network, part, counts, labels.count)
    networkInWords = inWords ?? network.rawValue
    self.dataNote = dataNote
    errors = labels.count - counts.indices.map { counts[$0][$0] }.reduce(0, +)
    error = Double(errors) / Double(labels.count)
    classErrors = counts.indices.map { label in
      let all = counts[label].reduce(0, +)
      return all == 0 ? nil : Double(all - counts[label][label]) / Double(all)
    }
  }

  /// The matrix as text, with labels as rows and predicted classes as columns; then each class's error and the overall
  /// error.
  package var text: String {
    let header = ["label"] + confusion.indices.map { "\($0)" } + ["error"]
    let rows = confusion.enumerated().map { label, counts in
      ["\(label)"] + counts.map { "\($0)" } + [classErrors[label].map(percent) ?? "no images"]
    }
    let table = alignedTable([header] + rows, rightAligned: Set(0..<header.count))
    return withNote(
      "\(table)\n\n\(networkInWords): \(errors) of \(images) \(part) images are wrong, \(percent(error))", dataNote)
  }
}
