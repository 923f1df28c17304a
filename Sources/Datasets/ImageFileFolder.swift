import Files
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
    let contents: [String]
    do {
      contents = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw .noDirectory(path: path, errno: systemErrorNumber(of: error) ?? EIO)
    }
    self.path = path
    names = contents.filter { !$0.hasPrefix(".") && DataSearch.isFile("\(path)/\($0)") }.sorted()
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The first of the names that exists in the folder; the others must be missing, except for the same name with or without `.gz`.
  ///
  /// - Throws: `DataError.unfit` if there are two, since images and labels would be chosen apart.
  func first(_ candidates: [String]) throws(DataError) -> String? {
    func plain(_ name: String) -> String { name.hasSuffix(".gz") ? String(name.dropLast(3)) : name }
    let found = candidates.filter(names.contains)
    if let other = found.first(where: { plain($0) != plain(found[0]) }) {
      throw .unfit(
        path: path, expected: "one name of a part's images, and one of its labels",
        actual: "\(found[0]) and \(other)")
    }
    return found.first
  }

  /// The files of a part's images and labels; nil if neither exists.
  ///
  /// - Throws: `DataError.fileMissing` if only one of them exists; `unfit` if one has several names.
  func pair(images: [String], labels: [String]) throws(DataError) -> (images: String, labels: String)? {
    switch (try first(images), try first(labels)) {
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

  /// The names that a part's file of CIFAR records may have, if each record has one label or two.
  private static func recordNames(_ part: ImagePart, labels: Int) -> [String] {
    part.words.map { labels == 1 ? "\($0)_batch.bin" : "\($0).bin" }
  }

  /// The number of one of several training files, `data_batch_NUMBER.bin`; nil for another name.
  private static func batchNumber(_ name: String) -> Int? {
    guard name.hasPrefix("data_batch_"), name.hasSuffix(".bin") else { return nil }
    return Int(name.dropFirst("data_batch_".count).dropLast(".bin".count))
  }

  /// How many labels each record of a file of CIFAR records has, by the file's name; nil if no part's file has that name.
  static func labelsPerRecord(of path: String) -> Int? {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    if batchNumber(name) != nil { return 1 }
    return (1...2).first { labels in ImagePart.allCases.contains { recordNames($0, labels: labels).contains(name) } }
  }

  /// A part's files of CIFAR records, in the order of their numbers, and how many labels a record has.
  ///
  /// - Throws: `DataError`: `fileMissing` if one of the numbers from 1 on is missing; `unfit` if one occurs twice or is below 1, or
  ///   if there are files of two sets.
  func cifarFiles(_ part: ImagePart) throws(DataError) -> (names: [String], labels: Int) {
    var found: [(names: [String], labels: Int)] = []
    if part == .train {
      let batches = try batches()
      if !batches.isEmpty { found.append((batches, 1)) }
    }
    for labels in 1...2 {
      if let one = try first(Self.recordNames(part, labels: labels)) { found.append(([one], labels)) }
    }
    if found.count > 1 {
      throw .unfit(
        path: path, expected: "the CIFAR records of one set",
        actual: found.map { $0.names[0] }.joined(separator: " and "))
    }
    return found.first ?? (names: [], labels: 2)
  }

  /// The files `data_batch_NUMBER.bin` in the order of their numbers, which must be 1, 2, 3 and so on.
  private func batches() throws(DataError) -> [String] {
    let numbered = names.compactMap { name in Self.batchNumber(name).map { (number: $0, name: name) } }
      .sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    for (index, file) in numbered.enumerated() where file.number != index + 1 {
      if file.number < 1 {
        throw .unfit(path: path, expected: "files data_batch_NUMBER.bin with numbers from 1 on", actual: file.name)
      }
      if index > 0 && numbered[index - 1].number == file.number {
        throw .unfit(
          path: path, expected: "one data_batch file with the number \(file.number)",
          actual: "\(numbered[index - 1].name) and \(file.name)")
      }
      throw .fileMissing(path: path, lookedFor: ["data_batch_\(index + 1).bin"])
    }
    return numbered.map(\.name)
  }
}
