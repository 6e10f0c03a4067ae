import SentiCorpora
import SentiModels
import SentiTestSupport
import Testing

@Suite("Series of tables")
struct SeriesReaderTests {
  static func table(
    _ text: String, _ fields: SeriesFields = SeriesFields(), format: CorpusFormat? = .csv,
    gaps: IrregularTimes = .refuse
  ) throws -> SeriesTable {
    let source = ByteSource(bytes: Array(text.utf8), name: "s.csv")
    return try SeriesTable(
      RowReader(source, format: format, textField: fields.target), fields: fields,
      gaps: gaps)
  }

  /// The sentence of what reading throws.
  static func complaint(
    _ text: String, _ fields: SeriesFields = SeriesFields(), gaps: IrregularTimes = .refuse
  ) -> String {
    do { _ = try table(text, fields, gaps: gaps) } catch { return "\(error)" }
    return ""
  }

  @Test func oneSeriesNeedsNoName() throws {
    let table = try Self.table(
      "ds,y\n1981-01-01,20.7\n1981-01-02,NA\n1981-01-03,\n1981-01-04,-1e1\n")
    #expect(table.series.map(\.id) == [""])
    #expect(table.series[0].values == [20.7, nil, nil, -10])
    #expect(table.step == .seconds(86_400) && table.fields.series == nil)
    #expect(table.series[0].axis.time(at: 4).description == "1981-01-05")
  }

  @Test func theUsualColumnTellsSeriesApart() throws {
    let table = try Self.table(
      "unique_id,ds,y,z\nb,1,5,q\na,1,6,q\nb,2,7,q\na,2,8,q\na,3,9,q\n")
    #expect(table.series.map(\.id) == ["b", "a"])
    #expect(table.series.map(\.values) == [[5, 7], [6, 8, 9]])
    #expect(table.fields.series == "unique_id")
  }

  @Test func otherColumnsAreNamed() throws {
    let fields = SeriesFields(series: "shop", time: "day", target: "sold")
    let table = try Self.table("day;shop;sold\r\n2020-01;x;1\r\n2020-02;x;2\r\n", fields)
    #expect(table.series.map(\.id) == ["x"] && table.step == .months(1))
  }

  @Test func jsonLinesHaveNumbersAndNull() throws {
    let table = try Self.table(
      """
      {"ds": 1, "y": 2.5}
      {"ds": 2, "y": null}
      {"ds": 3, "y": "4"}
      """, format: .jsonl)
    #expect(table.series[0].values == [2.5, nil, 4])
  }

  @Test func missingTimesAreGapsWhereAsked() throws {
    let text = "ds,y\n2010-01-01 00:00,1\n2010-01-01 03:00,2\n2010-01-01 04:00,3\n"
    #expect(
      Self.complaint(text)
        == "s.csv:3: expected 2010-01-01 01:00 (1 hour later) in field \"ds\", found "
        + "2010-01-01 03:00; --fill takes missing times for gaps")
    #expect(try Self.table(text, gaps: .fill).series[0].values == [1, nil, nil, 2, 3])
  }

  @Test func monthsThatEndOnOtherDaysAreMonths() throws {
    let last = try Self.table("ds,y\n2020-01-31,1\n2020-02-29,2\n2020-03-31,3\n")
    #expect(last.step == .months(1))
    let day = try Self.table("ds,y\n2021-02-28,1\n2021-03-28,2\n2021-04-28,3\n")
    #expect(day.series[0].axis.time(at: 3).description == "2021-05-28")
  }

  @Test(arguments: [
    ("ds,y\n1,1\n3,2\n2,3\n", "s.csv:4: expected a time after 3 in field \"ds\", found 2"),
    ("ds,y\n1,1\n1,2\n", "s.csv:3: expected a time after 1 in field \"ds\", found 1 again"),
    (
      "ds,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03T12:00,3\n",
      "s.csv:4: expected 2020-01-03 (1 day later) in field \"ds\", found 2020-01-03T12:00; "
        + "--resample makes equal distances"
    ),
    (
      "ds,y\n1,1\n2,a\n",
      "s.csv:3: expected a finite number with a decimal point, or NA in field \"y\", found \"a\""
    ),
    (
      "ds,y\n1,1\n2,inf\n",
      "s.csv:3: expected a finite number with a decimal point, or NA in field \"y\", found \"inf\""
    ),
    (
      "ds;y\n1;1\n2;3,5\n",
      "s.csv:3: expected a finite number with a decimal point, or NA in field \"y\", found \"3,5\""
    ),
    ("ds,y\nx,1\n", "s.csv:2: expected a number or an ISO date in field \"ds\", found \"x\""),
    (
      "ds,y\n1,1\n2020-01-01,1\n",
      "s.csv:3: expected a time like 1 in field \"ds\", found \"2020-01-01\""
    ),
    (
      "ds,y\n2020-01-01T00:00Z,1\n2020-01-01T01:00,1\n",
      "s.csv:3: expected a time like 2020-01-01T00:00Z in field \"ds\", found \"2020-01-01T01:00\""
    ),
    ("ds,y\n,1\n", "s.csv:2: expected a number or an ISO date in field \"ds\", found nothing"),
    ("ds,y\n1,1,1\n", "s.csv:2: expected 2 fields, found 3"),
    ("day,y\n1,1\n", "s.csv:1: expected a field named \"ds\", found \"day\", \"y\""),
    ("ds,y\n1,1\n", "the series: expected at least 2 times, found 1"),
    ("ds,y\n", "the series: expected at least 2 times, found 0"),
  ])
  func mistakesAreNamedWithTheirRow(_ text: String, _ expected: String) {
    #expect(Self.complaint(text) == expected)
  }

  @Test func aMissingSeriesColumnIsNamed() {
    let fields = SeriesFields(series: "shop")
    #expect(
      Self.complaint("ds,y\n1,1\n", fields)
        == "s.csv:1: expected a field named \"shop\", found \"ds\", \"y\"")
  }

  /// A year that was mistyped would fill the memory with gaps.
  @Test func aGapIsNotEndless() {
    #expect(
      Self.complaint("ds,y\n2020-01-01,1\n2020-01-02,2\n9020-01-03,3\n", gaps: .fill)
        .hasPrefix("s.csv:4: expected 2020-01-03 (1 day later)"))
  }

  @Test func aSeriesAmongOthersMayHaveOneTime() throws {
    let table = try Self.table("unique_id,ds,y\na,1,5\nb,7,6\nb,9,7\n")
    #expect(table.series.map(\.count) == [1, 2] && table.step == .number(2))
  }
}
