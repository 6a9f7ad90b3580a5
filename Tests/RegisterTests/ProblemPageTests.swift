import Formats
import FoundationEssentials
import HTTP
import Records
import Service
import Testing

@Suite struct `The pages of problems` {
  /// All Swift sources but the pages themselves.
  private static let sources: String = {
    let root =
      URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/Sources"
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
    return paths.filter { $0.hasSuffix(".swift") && !$0.contains("ProblemPages/") }
      .compactMap { try? String(contentsOfFile: "\(root)/\($0)", encoding: .utf8) }.joined(separator: "\n")
  }()

  /// The lines that may give a code, each with the one behind it: regular expressions over all of the sources take half a minute.
  private static var candidates: String {
    let lines = sources.split(separator: "\n", omittingEmptySubsequences: false)
    let calls = ["fault", "Error", "Fault", "badFile", "badRequest", "notImplemented", "unavailable", "refuse", "fail", "add"]
    let marks = ["code: \"", "? (\""] + calls.map { "\($0)(" }
    return zip(lines, lines.dropFirst() + [""]).filter { line, _ in marks.contains { line.contains($0) } }.map { "\($0)\n\($1)" }
      .joined(separator: "\n\n")
  }

  /// Every word that stands where a code is given.
  private static var codes: Set<String> {
    var codes: Set<String> = []
    let text = candidates
    for match in text.matches(of: /code: "([a-z_]+)"/) { codes.insert(String(match.1)) }
    for match in text.matches(
      of: /\b(?:DateError|JSONError|RecordFault|badFile|badRequest|notImplemented|unavailable|refuse|fail)\(\s*"([a-z_]+)"/)
    {
      codes.insert(String(match.1))
    }
    for match in text.matches(of: /\b(?:fault|refuse|add)\(\s*(?:(?:FieldPath\([^"]*?\)|"[a-z_]+"|[^",]+),\s*)?"([a-z_]+)"/) {
      codes.insert(String(match.1))
    }
    for match in text.matches(of: /\? \("([a-z]+_[a-z_]+)", "/) { codes.insert(String(match.1)) }
    // A parameter's name stands where some codes do.
    return codes.filter { $0.count > 2 }
  }

  @Test func `explain every code that the program gives`() {
    let codes = Self.codes
    #expect(codes.count > 100, "the test has lost sight of the sources")
    let missing = codes.filter { ProblemPage.of($0) == nil }.sorted()
    #expect(missing.isEmpty, "a line in Sources/Register/API/ProblemPages explains each")
  }

  @Test func `explain no code that the program does not give`() {
    let listed = Set(HTTPProblem.allCases.map(\.rawValue) + JSONError.Code.allCases.map(\.rawValue))
    let stale = ProblemPage.all.map(\.code).filter { !listed.contains($0) }.filter { code in
      // Some are made of a word and the packing: `corrupt_\(name)`.
      !Self.sources.contains("\"\(code)\"") && !Self.sources.contains("\"\(code.prefix { $0 != "_" })_\\(")
    }
    #expect(stale.isEmpty)
  }

  @Test func `say each code once, with everything that belongs to it`() {
    #expect(Set(ProblemPage.all.map(\.code)).count == ProblemPage.all.count)
    for page in ProblemPage.all {
      #expect(!page.title.isEmpty && !page.meaning.isEmpty && !page.remedy.isEmpty && !page.example.isEmpty, "\(page.code)")
    }
  }

  @Test func `have the title that each problem of their code has`() {
    var told = 0
    for match in Self.sources.matches(of: /code: "([a-z_]+)",\s*title: "([^"]*)"/) {
      told += 1
      #expect(ProblemPage.of(String(match.1))?.title == String(match.2))
    }
    #expect(told > 20, "the test has lost sight of the sources")
    for kind in HTTPProblem.allCases { #expect(ProblemPage.of(kind.rawValue)?.title == kind.title) }
    for kind in JSONError.Code.allCases { #expect(ProblemPage.of(kind.rawValue) != nil, "\(kind)") }
  }
}
