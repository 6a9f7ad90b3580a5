// A release build of the package has no testing library, and no tests that need this.
#if canImport(Testing)
  package import Testing

  extension RegisterClient {
    /// Makes a record that must be accepted.
    package func make(_ collection: String, _ fields: JSON, sourceLocation: SourceLocation = #_sourceLocation) throws -> Answer {
      let made = try post("/v1/\(collection)", fields)
      try #require(made.status == 201, "\(made.text)", sourceLocation: sourceLocation)
      return made
    }

    /// Makes an event; what is not given is that of a visit.
    package func event(_ fields: JSON = [:], sourceLocation: SourceLocation = #_sourceLocation) throws -> Answer {
      let visit: JSON = ["title": "A visit", "type": "visit", "start_date": "2024-06-18"]
      guard case .object(let given) = fields else { return try make("events", visit) }
      return try make("events", visit.with(given), sourceLocation: sourceLocation)
    }
  }

  /// Waits until the clock shows another millisecond than this moment of a record, so that what follows is told apart.
  package func waitForLaterMillisecond() {
    let end = monotonicSeconds() + 0.002
    while monotonicSeconds() < end {}
  }

  extension JSON {
    /// The stakeholders of an event.
    package var parties: Set<String> { Set(self["participants"].elements.compactMap { $0["stakeholder"].text }) }
  }
#endif
