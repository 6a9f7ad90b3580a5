extension StringProtocol where SubSequence == Substring {
  /// What follows the first occurrence of a text; empty where there is none.
  package func components(after text: String) -> Substring {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return rest.dropFirst(text.count) }
      rest = rest.dropFirst()
    }
    return rest
  }

  /// What precedes the first occurrence of a text; all where there is none.
  package func components(before text: String) -> Substring {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return self[..<rest.startIndex] }
      rest = rest.dropFirst()
    }
    return self[...]
  }
}
