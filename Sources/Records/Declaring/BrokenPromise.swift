/// A broken invariant between parts of the program or its database. It names what is missing, and stops the start if that finds it.
package struct BrokenPromise: Error, CustomStringConvertible {
  /// What is missing: `register_state.cursor_key`.
  package let name: String

  /// Names what is missing.
  ///
  /// - Parameter name: what is missing, as one would search for it: `register_state.cursor_key`.
  package init(_ name: String) { self.name = name }

  /// `broken promise: NAME is missing`, the text that ends the program.
  package var description: String { "broken promise: \(name) is missing" }

  /// Ends the program: a declaration names something that another part lacks. Tests and the start find it, because the start makes every
  /// declaration (`Declarations.makeAll`); no request meets it first.
  package static func stop(_ name: String) -> Never { fatalError(BrokenPromise(name).description) }
}

extension Optional {
  /// The wrapped value; `nil` ends the program through `BrokenPromise.stop`.
  ///
  /// - Parameter name: what is missing, as one would search for it: `events.mode`, `data/countries.csv`.
  @inline(__always)
  package func required(_ name: @autoclosure () -> String) -> Wrapped {
    guard let value = self else { BrokenPromise.stop(name()) }
    return value
  }

  /// The wrapped value, where a request asks for it: `nil` fails that request with a 500 and a line in the log, and the server goes on.
  ///
  /// - Parameter name: what is missing.
  @inline(__always)
  package func promised(_ name: @autoclosure () -> String) throws -> Wrapped {
    guard let value = self else { throw BrokenPromise(name()) }
    return value
  }
}
