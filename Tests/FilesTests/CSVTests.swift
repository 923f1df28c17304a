import Files
import Testing

@Suite("Writing CSV")
struct CSVTests {
  @Test("a cell with a comma, a quotation mark or a line end is quoted")
  func csv() {
    #expect(CSV.line(["a", "b,c", "say \"x\"", "two\nlines", ""]) == "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\n")
    #expect(CSV.line(["one\rcell", "two\r\nlines"]) == "\"one\rcell\",\"two\r\nlines\"\n")
    #expect(CSV.text([["1"], ["2"]]) == "1\n2\n")
  }

  @Test("numbers have the fewest digits that read back the same; those that are not finite become empty cells")
  func numbers() {
    #expect(CSV.number(0.1) == "0.1" && CSV.number(3) == "3" && CSV.number(-2.5e-7) == "-2.5e-07")
    #expect(CSV.number(.nan).isEmpty && CSV.number(.infinity).isEmpty && CSV.number(nil).isEmpty)
    #expect(CSV.number(1e300) == "1e+300" && CSV.number(-1e300) == "-1e+300" && CSV.number(-3) == "-3")
  }
}
