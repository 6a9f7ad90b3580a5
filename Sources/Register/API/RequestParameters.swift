internal import Formats
internal import HTTP
internal import Records
internal import SQL

extension Request {
  /// Gives the parameters of the query, each once.
  ///
  /// - Throws: 400 for one that is given twice or is not percent-encoded UTF-8; what `body` throws.
  func forEachParameter(_ body: (_ name: String, _ value: String) throws -> Void) throws {
    guard unsafe !query.isEmpty else { return }
    var items = unsafe QueryItems(query)
    let buffer = ByteBuffer(capacity: 128)
    var seen: Set<String> = []
    while let item = try items.next(into: buffer) {
      let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]), as: UTF8.self)
      let value = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.value]), as: UTF8.self)
      guard seen.insert(name).inserted else {
        throw Problem.badParameter(name, code: "repeated_parameter", "the parameter is given twice")
      }
      try body(name, value)
    }
  }

  /// The one parameter that a path takes, `true` or `false`; `false` when it is not given.
  ///
  /// - Parameter what: who takes it, for the refusal of others.
  func flag(_ wanted: String, of what: String) throws -> Bool {
    var flag = false
    try forEachParameter { name, value in
      guard name == wanted else {
        throw Problem.badParameter(name, code: "unknown_parameter", "\(what) takes the parameter \(wanted) only", allowed: [wanted])
      }
      guard value == "true" || value == "false" else {
        throw Problem.badParameter(name, code: "malformed_value", "true or false is wanted", allowed: ["true", "false"])
      }
      flag = value == "true"
    }
    return flag
  }

  /// `limit` and `cursor` of a list that goes by one number.
  ///
  /// - Parameter what: which list, for the refusal of other parameters.
  func numberedPage(of what: String, _ seal: CursorSeal, _ shape: [UInt8]) throws -> (limit: Int, after: Int64?) {
    var (limit, after) = (ListQuery.defaultLimit, Int64?.none)
    try forEachParameter { name, value in
      switch name {
      case "limit":
        guard let number = Int(value), (1...ListQuery.maxLimit).contains(number) else {
          throw Problem.badParameter(name, code: "malformed_value", "a whole number from 1 to \(ListQuery.maxLimit) is wanted")
        }
        limit = number
      case "cursor":
        guard let keys = seal.open(value, shape: shape), keys.count == 1 else {
          throw Problem.badParameter(name, code: "bad_cursor", "the cursor is not one of this list")
        }
        after = keys[0].integer
      default:
        throw Problem.badParameter(
          name, code: "unknown_parameter", "\(what) take limit and cursor only", allowed: ["limit", "cursor"])
      }
    }
    return (limit, after)
  }

  /// A path that takes no parameters says so.
  func refuseParameters(except known: [String] = []) throws {
    guard unsafe !query.isEmpty else { return }
    var items = unsafe QueryItems(query)
    let buffer = ByteBuffer(capacity: 64)
    while let item = try items.next(into: buffer) {
      let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]), as: UTF8.self)
      guard !known.contains(name) else { continue }
      let what = known.isEmpty ? "this path takes no parameters" : "one record takes \(known.joined(separator: ", ")) only"
      throw Problem.badParameter(name, code: "unknown_parameter", what, allowed: known)
    }
  }
}
