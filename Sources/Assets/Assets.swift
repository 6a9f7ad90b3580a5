internal import CAssets
package import Formats

/// The files that are compiled into the program: migrations, reference tables, the demo register, style sheets.
///
/// A file is named by its path: `migrations/0001_register.sql`, `data/countries.csv`.
package enum Assets {
  /// The bytes of a file, valid for as long as the program runs; `nil` if there is none of that name.
  package static func bytes(_ path: String) -> ByteView? {
    unsafe files.first { unsafe $0.name == path }.map { unsafe ByteView($0.contents, .endless) }
  }

  /// The UTF-8 text of a file; `nil` if there is none of that name.
  package static func text(_ path: String) -> String? {
    bytes(path)?.string
  }

  /// Every migration in the order in which they apply: the name without folder and suffix, and its SQL.
  package static var migrations: [(name: String, sql: String)] {
    unsafe files.filter { unsafe $0.name.hasPrefix("migrations/") }
      .map { file in unsafe (String(file.name.dropFirst("migrations/".count).dropLast(".sql".count)), file.text) }
      .sorted { $0.name < $1.name }
  }

  // The table is constant data of the program: it neither moves nor changes.
  private static var files: UnsafeBufferPointer<cassets_file> {
    unsafe UnsafeBufferPointer(start: cassets_files(), count: cassets_count())
  }
}

extension cassets_file {
  fileprivate var name: String { unsafe String(cString: path) }
  fileprivate var contents: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: bytes, count: count) }
  fileprivate var text: String { unsafe String(decoding: contents, as: UTF8.self) }
}
