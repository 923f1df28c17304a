import Experiments
import Files
import Foundation
import TestSupport
import Testing

@Suite("Run directories")
struct RunDirectoryTests {
  @Test("a directory is in use as long as a process holds its lock, and checking does not take the lock away")
  func inUse() throws {
    let folder = try TemporaryFolder()
    #expect(!RunDirectory.isInUse(folder.path))
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0 && takeLock(on: descriptor))
    for _ in 0..<3 { #expect(RunDirectory.isInUse(folder.path)) }
    close(descriptor)
    #expect(!RunDirectory.isInUse(folder.path))
    #expect(!RunDirectory.isInUse(folder.file("none")))
  }

  @Test("the files of networks are those present, those asked for, or the file itself")
  func networkFiles() throws {
    let folder = try TemporaryFolder()
    let real = try folder.write([1], to: "real.safetensors")
    #expect(try RunDirectory.networkFiles(at: folder.path, of: nil) == [real])
    #expect(
      try RunDirectory.networkFiles(at: folder.path, of: [.discreteSign, .real])
        == [real, folder.file("discrete-sign.safetensors")])
    #expect(try RunDirectory.networkFiles(at: real, of: nil) == [real])
    let error = #expect(throws: RunDirectoryError.self) {
      try RunDirectory.networkFiles(at: folder.file("none"), of: nil)
    }
    #expect(error?.isInputOutput == true)
  }
}
