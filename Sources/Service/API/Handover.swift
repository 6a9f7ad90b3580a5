/// Carries something that only one side uses at a time from a loop to the writer or a reader and back.
///
/// Unchecked, because the compiler cannot see the hand-over: the loop awaits the answer before it touches the value again.
struct Handover<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
