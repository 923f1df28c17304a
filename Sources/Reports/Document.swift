import Files

// The contents of a report, independent of its format: `HTMLWriter` and `MarkdownWriter` write it.

/// A part of the report under a heading.
struct Section {
  /// The identifier of the heading, for links.
  let id: String
  let title: String
  /// The text under the title of a whole report; empty if there is none.
  var subtitle = ""
  var blocks: [Block]
}

enum Block {
  case paragraph([Word])
  /// A verdict, in colour.
  case notice(Tone, [Word])
  /// Names and their descriptions.
  case facts([(name: String, words: [Word])])
  case list([[Word]])
  case heading(String)
  case table(Table)
  case figure(Figure)
  /// Commands for the reader to type, one per line, under a sentence that ends with a colon.
  case commands(String, [String])
  /// Details that few readers need, under a summary.
  case folded(String, [Block])
}

/// A piece of a sentence.
enum Word: ExpressibleByStringInterpolation, Equatable {
  case plain(String)
  case strong(String)
  /// Something that the reader types, or a name in the program.
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
    /// True for a digest or a name in the program.
    var isCode = false

    init(_ text: String, _ tone: Tone? = nil) { (self.text, self.tone) = (text, tone) }
    init(stringLiteral text: String) { self.init(text) }
  }

  let columns: [Column]
  /// The rows, with as many cells as there are columns; the first cell names the row.
  var rows: [[Cell]]
}

/// Drawings that belong together, with a legend and a caption.
struct Figure {
  /// The figure's identifier, unique in the report; it consists of letters, digits, `-` and `_`.
  let id: String
  let title: String
  let panels: [any Panel]
  var legend: [Key] = []
  /// What the figure shows.
  let caption: String
  /// How to read the drawing.
  let reading: String
  /// The commands that reproduce these numbers.
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
  /// The text beside the title, such as the latest value.
  var note: String { get }
  /// A description for readers who cannot see the drawing.
  var description: String { get }
  var width: Double { get }
  var height: Double { get }
  /// The elements of an SVG of `width` × `height`.
  func elements() -> [Markup]
  /// The lines that replace the drawing in a terminal.
  var sketches: [Sketch] { get }
  /// All numbers that are drawn: a row of names, then rows with the same number of cells.
  var data: [[String]] { get }
}

/// The width of a drawing: a half or a third of the page's.
enum PanelSize {
  case half, third

  /// The size for the given number of drawings in one figure.
  init(of panels: Int) { self = [1, 2, 4].contains(panels) ? .half : .third }

  var width: Double { self == .half ? 372 : 240 }
}

extension Figure {
  /// The numbers of all drawings as one CSV table; the first cell of each row names the drawing.
  var csv: String {
    let names = (panels.first?.data.first).map { [["drawing"] + $0] } ?? []
    return CSV.text(names + panels.flatMap { panel in panel.data.dropFirst().map { [panel.title] + $0 } })
  }
}

/// A line of a drawing, as shown in a terminal.
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
      case .paragraph, .notice, .facts, .list, .heading, .table, .commands: []
      }
    }
  }
}
