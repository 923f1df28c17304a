import Foundation

/// A part of the images, and the names of its files.
enum ImagePart: String, CaseIterable {
  case train, validation, test

  /// The words for the part in the names of files.
  var words: [String] {
    switch self {
    case .train: ["train"]
    case .validation: ["validation", "valid", "val"]
    case .test: ["test", "t10k"]
    }
  }

  /// The names that the part's array of images or of labels may have, with `-` or `_` or as in Keras.
  func arrayNames(of labels: Bool) -> [String] {
    words.flatMap { word in
      let what = labels ? "labels" : "images"
      return ["\(word)-\(what)", "\(word)_\(what)", (labels ? "y_" : "x_") + word]
    }
  }
}

/// A folder with files of custom images.
struct ImageFileFolder {
  let path: String
  /// The sorted names of the folder's files.
  let names: [String]

  /// - Throws: `DataError.noDirectory`
  init(_ path: String) throws(DataError) {
    try DataSearch.check(path)
    guard let contents = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .noDirectory(path: path, errno: EACCES)
    }
    self.path = path
    names = contents.filter { !$0.hasPrefix(".") && DataSearch.isFile("\(path)/\($0)") }.sorted()
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The first of the names that exists in the folder.
  func first(_ candidates: [String]) -> String? { candidates.first(where: names.contains) }

  /// The files of a part's images and labels; nil if neither exists.
  ///
  /// - Throws: `DataError.fileMissing` if only one of them exists.
  func pair(images: [String], labels: [String]) throws(DataError) -> (images: String, labels: String)? {
    switch (first(images), first(labels)) {
    case (nil, nil): return nil
    case (nil, _?): throw .fileMissing(path: path, lookedFor: images)
    case (_?, nil): throw .fileMissing(path: path, lookedFor: labels)
    case (let images?, let labels?): return (images, labels)
    }
  }

  // MARK: IDX

  /// How the names of IDX files of images or of labels may end.
  static func idxEndings(labels: Bool) -> [String] {
    let types = labels ? ["1-ubyte", "2-int", "1-byte", "1-short", "1-int"] : ["3-ubyte", "4-ubyte"]
    return types.flatMap { type in
      ["-idx", ".idx"].flatMap { idx in
        let name = "\(labels ? "labels" : "images")\(idx)\(type)"
        return ["\(name).gz", name]
      }
    }
  }

  /// The names that a part's IDX images or labels may have.
  static func idxNames(_ part: ImagePart, labels: Bool, prefix: String) -> [String] {
    part.words.flatMap { word in idxEndings(labels: labels).map { "\(prefix)\(word)-\($0)" } }
  }

  /// The prefix before `train-images` in the names of the IDX files.
  ///
  /// - Throws: `DataError.unexpected` if there are several sets.
  func idxPrefix() throws(DataError) -> String {
    let endings = Self.idxNames(.train, labels: false, prefix: "")
    let prefixes = Set(
      names.compactMap { name in endings.first(where: name.hasSuffix).map { name.dropLast($0.count) } })
    if prefixes.count > 1 {
      throw .unfit(
        path: path, expected: "the IDX files of one set, or the choice of a prefix",
        actual: "the prefixes " + prefixes.map { $0.isEmpty ? "none" : "\($0)" }.sorted().joined(separator: ", "))
    }
    return prefixes.first.map { String($0) } ?? ""
  }

  // MARK: CIFAR

  /// A part's files of CIFAR records, in the order of their numbers, and how many labels a record has.
  ///
  /// - Throws: `DataError.fileMissing` if one of the numbers from 1 on is missing.
  func cifarFiles(_ part: ImagePart) throws(DataError) -> (names: [String], labels: Int) {
    let numbered = names.compactMap { name -> (number: Int, name: String)? in
      guard part == .train, name.hasPrefix("data_batch_"), name.hasSuffix(".bin") else { return nil }
      return Int(name.dropFirst("data_batch_".count).dropLast(".bin".count)).map { ($0, name) }
    }
    if let last = numbered.map(\.number).max() {
      if let missing = (1...max(1, last)).first(where: { number in !numbered.contains { $0.number == number } }) {
        throw .fileMissing(path: path, lookedFor: ["data_batch_\(missing).bin"])
      }
      return (numbered.sorted { $0.number < $1.number }.map(\.name), 1)
    }
    if let one = first(part.words.map { "\($0)_batch.bin" }) { return ([one], 1) }
    return (first(part.words.map { "\($0).bin" }).map { [$0] } ?? [], 2)
  }
}
