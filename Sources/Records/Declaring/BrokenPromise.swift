/// A promise between rooms of the program, or of its database, that does not hold: it stops the start, with its name.
package struct BrokenPromise: Error, CustomStringConvertible {
  /// What should be there: `register_state.cursor_key`.
  package let name: String

  package init(_ name: String) { self.name = name }

  package var description: String { "broken promise: \(name) is missing" }

  /// Ends the program. For what a declaration names and another room must have: a fault of the program, found by its tests and by the start,
  /// which makes every declaration (`Declarations.makeAll`), so that no request is the first to meet it.
  package static func stop(_ name: String) -> Never { fatalError(BrokenPromise(name).description) }
}

extension Optional {
  /// The value that must be there; ends the program by `BrokenPromise.stop` where it is not.
  ///
  /// - Parameter name: what is missing then, as one would look for it: `events.mode`, `data/countries.csv`.
  @inline(__always)
  package func required(_ name: @autoclosure () -> String) -> Wrapped {
    guard let value = self else { BrokenPromise.stop(name()) }
    return value
  }
}
