/// Transfers a non-Sendable value across isolation: from a loop to the writer or a reader, and back.
///
/// Unchecked because the compiler cannot see the transfer: the loop awaits the answer before it touches the value again.
struct Handover<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
