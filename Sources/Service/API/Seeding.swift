internal import Assets
internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import SQL
internal import Store

extension Register {
  /// Fills a new register: the countries and territories of ISO 3166 and the catalogue of strategies. Does nothing in any other register.
  package func seed() async throws {
    try await database.write(.unlimited) { transaction in
      guard try RegisterState.isNew(transaction.connection) else { return }
      let write = Write(transaction)
      let aliases = Dictionary(grouping: CodeTable("data/country_aliases.csv").rows) { $0.required("country") }
      for country in CodeTable("data/countries.csv").rows {
        let names = aliases[country.required("code"), default: []].map { $0.required("alias") }
        try Self.create(country: country, aliases: names, write)
      }
      for strategy in CodeTable("data/strategies.csv").rows { try Self.create(strategy: strategy, write) }
    }
  }

  private static func create(country: CodeTable.Row, aliases: [String], _ write: Write) throws {
    let draft = Draft(Stakeholders.resource)
    let reader = DraftReader()
    for field in ["code", "type", "name"] { reader.set(field, text: country.required(field), in: draft) }
    reader.set(Stakeholders.country, text: country.required("code"), in: draft)
    if !aliases.isEmpty { reader.set(Stakeholders.aliases, text: aliases.joined(separator: ";"), in: draft) }
    reader.setJSON(Stakeholders.externalIDs, in: draft) { json in
      json.append("{\"iso_alpha2\":")
      json.append(jsonString: country.required("alpha2"))
      json.append(",\"m49\":")
      json.append(jsonString: country.required("m49"))
      if let wikidata = country["wikidata"] {
        json.append(",\"wikidata\":")
        json.append(jsonString: wikidata)
      }
      json.append("}")
    }
    draft.complete()
    try write.create(draft)
  }

  private static func create(strategy: CodeTable.Row, _ write: Write) throws {
    let draft = Draft(Strategies.resource)
    let reader = DraftReader()
    for field in ["code", "name", "description"] { reader.set(field, text: strategy.required(field), in: draft) }
    draft.complete()
    try write.create(draft)
  }

  /// Loads the demo register into a register without events.
  ///
  /// - Returns: the number of records created; `nil` if there were events already.
  package func loadDemo() async throws -> Int? {
    guard try !RegisterState.hasEvents(database.makeReader()) else { return nil }
    let spool = try Spool(folder: configuration.spoolFolder)
    try spool.write(Assets.required("data/demo.ndjson"))
    let file = IncomingFile(spool: spool, sha256: "", form: .ndjson)
    let run = Handover(ImportRun(.demo, file, configuration))
    return try await database.write(.unlimited) { transaction in
      let write = Write(transaction)
      try run.value.begin(write, state: "running")
      try run.value.advance(write.going(on: run.value.cause), inTurns: false)
      guard !run.value.isRefused else { throw DemoRefused(reasons: run.value.reasons) }
      try run.value.end(write, state: "done")
      return run.value.counts.created
    }
  }

  /// Marks imports that the end of the process cut off as interrupted.
  package func markInterruptedImports() async throws {
    try await database.write(.unlimited) { transaction in
      let write = Write(transaction)
      for id in try RegisterState.unfinishedImports(transaction.connection) {
        try write.derive(Imports.resource, id) { $0.set(Imports.state, text: "interrupted") }
      }
    }
  }
}

/// The demo register does not fit its own program: an internal error.
private struct DemoRefused: Error, CustomStringConvertible {
  let reasons: [String]
  var description: String { "the demo register was refused: \(reasons.joined(separator: "; "))" }
}

extension Assets {
  /// The demo register as NDJSON, which `chancery demo` sends.
  package static var demo: [UInt8] { required("data/demo.ndjson").array }
}
