import HTTPServer
import SQLite
import Service

/// Everything that can be set, with its defaults.
struct Configuration {
  var server = ServerConfiguration()
  var database = SQLiteDatabase.Configuration(path: "data/chancery.db")
  var register = RegisterConfiguration()
  var loadsDemo = false
  /// The folder of the viewer of the OpenAPI document; empty for none.
  var docsViewerPath = ""

  init() {
    // One per core, which only the running program knows.
    server.loops = 0
  }

  /// Only the person at the machine can reach it.
  var isLoopback: Bool {
    server.address == "localhost" || server.address == "::1" || server.address.hasPrefix("127.")
  }

  /// `127.0.0.1:8080`, as a client writes it.
  var authority: String { server.address.contains(":") ? "[\(server.address)]:\(server.port)" : "\(server.address):\(server.port)" }
}
