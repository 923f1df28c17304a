import ArgumentParser
import Files
import FixtureGenerator

struct FixturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixtures", abstract: "Draw the built-in data sets again.", subcommands: [Make.self])
}

extension FixturesCommand {
  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write built-in data sets to files in their publishers' forms.",
      discussion: """
        glyphs: drawn digits, 28×28 grey, in MNIST's files. shapes: ten kinds of shapes, 32×32 colour, in the binary \
        archives of CIFAR-10 and, with their colours as 100 classes, CIFAR-100. numbers: drawn digits between others, \
        32×32 colour, in SVHN's MAT-files.

        Each goes to a directory of its own name, with a manifest. The contents are the same on every machine; another \
        version of zlib may compress them to other bytes. A file that is there with other bytes is kept; nothing is \
        written to its directory then, and the exit code is 74.
        """)

    @Argument(help: ArgumentHelp("Directory to write to; it is created if it is missing.", valueName: "dir"))
    var directory: String

    @Option(help: "The data set. Default: all three.")
    var name: FixtureName?

    func run() throws {
      try OutputFile.writing { tell in
        for name in name.map({ [$0] }) ?? FixtureName.allCases {
          try Fixture.named(name).write(to: "\(directory)/\(name.rawValue)") { path, bytes in
            tell("\(path)  \(bytes.count) bytes  SHA-256 \(hexadecimal(sha256: bytes))")
          }
        }
      }
    }
  }
}

extension FixtureName: ExpressibleByArgument {}
