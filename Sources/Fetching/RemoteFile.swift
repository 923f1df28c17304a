import Datasets
import Foundation

/// A file to fetch: its name, size, digest and addresses.
package struct RemoteFile: Sendable {
  package let name: String
  /// The file's length in bytes.
  package let bytes: Int
  package let digest: CatalogueEntry.Digest
  /// The addresses, which are tried in order.
  package let addresses: [URL]

  package init(name: String, bytes: Int, digest: CatalogueEntry.Digest, addresses: [URL]) {
    self.name = name
    self.bytes = bytes
    self.digest = digest
    self.addresses = addresses
  }

  /// A file of the catalogue, at its official addresses or, if `mirror` is given, only in the folder at that address.
  ///
  /// - Throws: `FetchError.unusableAddress`
  package init(_ file: CatalogueEntry.File, mirror: URL? = nil) throws(FetchError) {
    var addresses: [URL] = []
    if let mirror {
      addresses = [mirror.appendingPathComponent(file.name, isDirectory: false)]
    } else {
      for text in file.addresses {
        guard let address = URL(string: text) else { throw .unusableAddress(text) }
        addresses.append(address)
      }
    }
    self.init(name: file.name, bytes: file.bytes, digest: file.digest, addresses: addresses)
  }
}
