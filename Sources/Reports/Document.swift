import Files

// What the report says, apart from how it is written: `HTMLWriter` and `MarkdownWriter` write it.

/// A part of the report under a heading.
struct Section {
  /// The name of the heading, to link to.
  let id: String
  let title: String
  /// What stands under the title of a whole report; empty if nothing does.
  var subtitle = ""
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
  /// What a person types, a line each, under a sentence that ends with a colon.
  case commands(String, [String])
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
    /// True of a digest or a name of the program's.
    var isCode = false

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
  /// The numbers that are drawn, all of them: names, then rows of as many cells.
  var data: [[String]] { get }
}

/// How large a drawing is: a half or a third of the page's width.
enum PanelSize {
  case half, third

  /// The size for so many drawings that stand together.
  init(of panels: Int) { self = [1, 2, 4].contains(panels) ? .half : .third }

  var width: Double { self == .half ? 372 : 240 }
}

extension Figure {
  /// The numbers of all drawings as one table of comma-separated values; a row's first cell names the drawing.
  var csv: String {
    let names = (panels.first?.data.first).map { [["drawing"] + $0] } ?? []
    return CSV.text(names + panels.flatMap { panel in panel.data.dropFirst().map { [panel.title] + $0 } })
  }
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
      case .paragraph, .notice, .facts, .list, .heading, .table, .commands: []
      }
    }
  }
}
