import Datasets

/// A file of a data set.
public struct DataFile: Sendable, Codable, Equatable {
  /// The file's name.
  public let file: String
  /// The SHA-256 of the file as stored, in hexadecimal.
  public let sha256: String

  package init(file: String, sha256: String) { (self.file, self.sha256) = (file, sha256) }
}

extension Dataset {
  /// The files that the data set was read from.
  package var files: [DataFile] { fileDigests.map { DataFile(file: $0.name, sha256: $0.sha256) } }
}
