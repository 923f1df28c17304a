// What the report says, apart from how it is written: `HTMLWriter` and `MarkdownWriter` write it.

/// A part of the report under a heading.
struct Section {
  /// The name of the heading, to link to.
  let id: String
  let title: String
  var blocks: [Block]
}

enum Block {
  case paragraph([Word])
  /// A verdict, in colour.
  case notice(Tone, [Word])
  /// Names and what they are.
  case facts([(name: String, words: [Word])])
  case list([[Word]])
  case heading(String)
  case table(Table)
  case figure(Figure)
  /// What few want to read.
  case folded(String, [Block])
}

/// A piece of a sentence.
enum Word: ExpressibleByStringInterpolation, Equatable {
  case plain(String)
  case strong(String)
  /// What a person types, or a name of the program's.
  case code(String)

  init(stringLiteral text: String) { self = .plain(text) }
}

enum Tone: String { case good, bad, unsure, quiet }

struct Table {
  struct Column {
    let title: String
    var isNumeric = false
  }

  struct Cell: ExpressibleByStringInterpolation {
    let text: String
    var tone: Tone?

    init(_ text: String, _ tone: Tone? = nil) { (self.text, self.tone) = (text, tone) }
    init(stringLiteral text: String) { self.init(text) }
  }

  let columns: [Column]
  /// As many cells each as there are columns; a row's first names it.
  var rows: [[Cell]]
}

/// Drawings that belong together, with a legend and a caption.
struct Figure {
  /// Unique in the report; letters, digits, `-` and `_`.
  let id: String
  let title: String
  let panels: [any Panel]
  var legend: [Key] = []
  /// What the figure shows.
  let caption: String
  /// How to read the drawing.
  let reading: String
  /// What a person types to get these numbers again.
  let commands: [String]

  /// An entry of the legend.
  struct Key {
    enum Swatch {
      case series(SeriesStyle)
      /// The shades of a heat map.
      case shades
    }
    let swatch: Swatch
    let text: String
  }
}

/// A drawing.
protocol Panel {
  var title: String { get }
  /// The latest value, or what else stands beside the title.
  var note: String { get }
  /// For those who do not see it.
  var description: String { get }
  var width: Double { get }
  var height: Double { get }
  /// The elements of an SVG of `width` × `height`.
  func elements() -> [Markup]
  /// What stands for the drawing in a terminal.
  var sketches: [Sketch] { get }
}

/// A line of a drawing in a terminal.
struct Sketch {
  let name: String
  let sparkline: String
  let first, lowest, last: String
}

extension [Block] {
  /// Every figure, in the order of the text.
  var figures: [Figure] {
    flatMap { block -> [Figure] in
      switch block {
      case .figure(let figure): [figure]
      case .folded(_, let blocks): blocks.figures
      case .paragraph, .notice, .facts, .list, .heading, .table: []
      }
    }
  }
}
