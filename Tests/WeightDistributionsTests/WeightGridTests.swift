import Foundation
import Testing
import VerificationSuites
import WeightDistributions

@Suite("Weight grids")
struct WeightGridTests {
  @Test("the widths of the named grids are the paper's, and 2 for binary weights")
  func widths() {
    func widths(_ grid: WeightGrid) -> [Double] { [grid.negativeWidth, grid.positiveWidth] }
    #expect(widths(.binary) == [2, 2] && widths(.ternary) == [3 / 2, 3 / 2] && widths(.quinary) == [5 / 4, 5 / 4])
    #expect(widths(.quaternarySymmetric) == [4 / 3, 4 / 3])
    #expect(widths(.quaternaryMinus) == [3 / 4, 3 / 4] && widths(.quaternaryPlus) == [3 / 4, 3 / 4])
  }

  @Test(
    "a custom grid's widths are its outer values plus half the outer gaps, and never below 0",
    arguments: [
      ("-1,-1/2,0,1/4,1", 1.25, 1.375), ("-1/2,1/8,3/8,3/4,1,5/2", 0.8125, 3.25), ("0,1", 0.5, 1.5),
      // The quaternary ones, if the paper did not have them, twice as large.
      ("-2,-1,0,1", 2.5, 1.5), ("-1,0,1,2", 1.5, 2.5), ("1/4,1/2,1", 0, 1.25), ("-3,-2,-1", 3.5, 0),
    ] as [(String, Double, Double)])
  func ownWidths(text: String, negative: Double, positive: Double) throws {
    let grid = try WeightGrid(text)
    #expect(grid.negativeWidth == negative && grid.positiveWidth == positive)
  }

  @Test(
    "values are kept exactly, in lowest terms over one denominator",
    arguments: [
      ("-1,-1/2,0,1/4,1", [-4, -2, 0, 1, 4], 4, "-1,-1/2,0,1/4,1"), ("-0.50,0.125", [-4, 1], 8, "-1/2,1/8"),
      ("1/3,2/4,7", [2, 3, 42], 6, "1/3,1/2,7"), ("-1000,1000", [-1000, 1000], 1, "-1000,1000"),
      ("-0,0.001", [0, 1], 1000, "0,1/1000"), ("-4/2,6/9", [-6, 2], 3, "-2,2/3"),
    ] as [(String, [Int], Int, String)])
  func values(text: String, integers: [Int], denominator: Int, canonical: String) throws {
    let grid = try WeightGrid(text)
    #expect(grid.integers == integers && grid.denominator == denominator && grid.name == canonical)
    #expect(grid.values == integers.map { Double($0) / Double(denominator) })
    #expect(try WeightGrid(grid.name) == grid)
  }

  @Test("the values of a named grid are that grid", arguments: WeightGrid.all)
  func named(grid: WeightGrid) throws {
    #expect(try WeightGrid(grid.name) == grid)
    #expect(try WeightGrid(grid.integers.map { "\($0)/\(grid.denominator)" }.joined(separator: ",")) == grid)
    let same = try WeightGrid(integers: grid.integers.map { 6 * $0 }, denominator: 6 * grid.denominator)
    #expect(same == grid && same.name == grid.name && same.negativeWidth == grid.negativeWidth)
  }

  @Test(
    "a text that is not a grid is refused, with the reason",
    arguments: [
      ("", .name("")), ("septenary", .name("septenary")), ("ternary,quinary", .name("ternary,quinary")),
      ("1e-3,1", .name("1e-3,1")), ("-1, 1", .name("-1, 1")), ("−1,1", .name("−1,1")),
      ("-1,,1", .value("-1,,1", value: "")), ("--1,1", .value("--1,1", value: "--1")),
      ("1/0,2", .value("1/0,2", value: "1/0")), ("1/2/3,2", .value("1/2/3,2", value: "1/2/3")),
      (".5,1", .value(".5,1", value: ".5")), ("0,1.", .value("0,1.", value: "1.")),
      ("0,1/", .value("0,1/", value: "1/")),
      ("0,1.5/2", .value("0,1.5/2", value: "1.5/2")), ("0,12345678901", .value("0,12345678901", value: "12345678901")),
      ("1", .count("1", 1)), ("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", nil),
      ("1,1", .order("1,1")), ("0,1/2,2/4", .order("0,1/2,1/2")), ("1,0", .order("1,0")),
      ("0,1001", .size("0,1001", largest: 1001)), ("-1001,0", .size("-1001,0", largest: 1001)),
      ("0,1/1001", .size("0,1/1001", largest: 1001)), ("1/7,1/11,1/13,1", .size("1/7,1/11,1/13,1", largest: 1001)),
    ] as [(String, WeightGridError?)])
  func refused(text: String, error: WeightGridError?) {
    let found = #expect(throws: WeightGridError.self) { try WeightGrid(text) }
    if let error { #expect(found == error) }
    #expect(found?.description.hasPrefix("expected ") == true)
  }

  @Test(
    "the message tells what is wrong in the text",
    arguments: [
      (.name(""), "found nothing"), (.name("octal"), "found octal"),
      (
        .value("1/0,2", value: "1/0"),
        "expected a value such as -1, 1/4 or 0.25, of at most nine digits, found \"1/0\" in 1/0,2"
      ),
      (.count("7", 1), "expected 2 to 16 values of a grid, found 1 (7)"),
      (.order("1,0"), "expected a grid's values in ascending order, each once, found 1,0"),
      (
        .size("0,1/1001", largest: 1001),
        "expected values whose numerators and common denominator are at most 1000, found 1001 (0,1/1001)"
      ),
    ] as [(WeightGridError, String)])
  func words(error: WeightGridError, text: String) { #expect("\(error)".hasSuffix(text), "\(error)") }

  @Test("sixteen values are a grid")
  func sixteen() throws {
    #expect(try WeightGrid((1...16).map { "\($0)" }.joined(separator: ",")).count == 16)
  }

  @Test(
    "lists of names with commas, or of names and values with semicolons, read back the same",
    arguments: [
      ("ternary", [.ternary], "ternary"), ("binary,quinary", [.binary, .quinary], "binary,quinary"),
      ("binary;quinary", [.binary, .quinary], "binary,quinary"), ("-1,0,1", [.ternary], "ternary"),
      ("-1,0,1/2", ["-1,0,1/2"], "-1,0,1/2"), ("ternary;-1,0,0.5", [.ternary, "-1,0,1/2"], "ternary;-1,0,1/2"),
      ("0,1;0,2", ["0,1", "0,2"], "0,1;0,2"),
    ] as [(String, [WeightGrid], String)])
  func lists(text: String, grids: [WeightGrid], canonical: String) throws {
    #expect(try WeightGrid.list(text) == grids)
    #expect(WeightGrid.text(of: grids) == canonical)
    #expect(try WeightGrid.list(canonical) == grids)
  }

  @Test(
    "a list with a part that is no grid is refused", arguments: ["", "ternary,", "ternary,-1,0", "0,1;", ";", "a;0,1"])
  func refusedList(text: String) { #expect(throws: WeightGridError.self) { try WeightGrid.list(text) } }

  @Test("JSON represents a grid by its name or its values", arguments: WeightGrid.all + WeightFamily.ownGrids)
  func json(grid: WeightGrid) throws {
    let data = try JSONEncoder().encode([grid])
    #expect(try JSONDecoder().decode([String].self, from: data) == [grid.name])
    #expect(try JSONDecoder().decode([WeightGrid].self, from: data) == [grid])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([WeightGrid].self, from: Data(#"["octal"]"#.utf8)) }
  }
}
