import HTTPServer
import SQLite
import Service

/// All settings, with their defaults.
struct Configuration {
  var server = ServerConfiguration()
  var database = SQLiteDatabase.Configuration(path: "data/chancery.db")
  var register = RegisterConfiguration()
  var loadsDemo = false
  /// The folder of the OpenAPI viewer; empty for none.
  var docsViewerPath = ""

  init() {
    // One per core, a number known only at run time.
    server.loops = 0
  }

  /// Whether only this machine can reach the server.
  var isLoopback: Bool {
    server.address == "localhost" || server.address == "::1" || server.address.hasPrefix("127.")
  }

  /// `127.0.0.1:8080`, as a client writes it; an IPv6 address in brackets.
  var authority: String { server.address.contains(":") ? "[\(server.address)]:\(server.port)" : "\(server.address):\(server.port)" }
}
