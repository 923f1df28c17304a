/// The cells of a line of a table whose columns are two spaces apart, without the cells that are empty.
public func tableCells(_ line: some StringProtocol) -> [String] {
  String(line).split(separator: #/  +/#).map(String.init)
}

/// The cells of every line of such a table, but of its empty lines.
public func tableRows(_ table: String) -> [[String]] { table.split(separator: "\n").map { tableCells($0) } }
