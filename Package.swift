// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with (docs/architecture.md says why).
let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
  // Small calls between rooms (a byte appended, a cell read) cost 30 times more without it.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  // Debug builds, and so the tests, check exclusive access at run time; in release the checks cost more than the stores they guard.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
  .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
]

/// The Swift run-time goes into the program: one file to copy, and 6 MB less resident than with shared libraries.
///
/// In release only: the test library has no static form.
let linked: [LinkerSetting] = [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: house, linkerSettings: linked)
}

let package = Package(
  name: "chancery",
  products: [.executable(name: "chancery", targets: ["chancery"])],
  targets: [
    // C: module maps and thin shims, no logic
    .target(name: "CEpoll"),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    // No pkgConfig: it would name the shared library, and the archive is meant (its module map).
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CAssets"),
    // formats
    room("Locks"),
    room("Formats", ["CZlib", "CSimdjson", "CSodium", "CCrypto"]),
    .target(name: "Assets", dependencies: ["CAssets", "Formats"], exclude: ["data"], swiftSettings: house),
    // values
    room("HTTP", ["Formats", "Locks"]),
    room("SQL", ["Formats", "Locks"]),
    // engines
    room("HTTPServer", ["HTTP", "Formats", "Locks", "CEpoll"]),
    room("SQLite", ["SQL", "Formats", "Locks", "CSQLite"]),
    // product
    room("Records", ["HTTP", "SQL", "Formats", "Assets"]),
    room("Store", ["Records", "HTTP", "SQL", "Formats", "Locks"]),
    room("Intake", ["Records", "HTTP", "SQL", "Formats"]),
    room("Service", ["Store", "Intake", "Records", "HTTP", "SQL", "Formats", "Assets", "Locks"]),
    // wiring
    .executableTarget(
      name: "chancery",
      dependencies: [
        "Service", "Store", "Intake", "Records", "HTTPServer", "SQLite", "SQL", "HTTP", "Formats", "Assets", "Locks", "CEpoll",
      ],
      swiftSettings: house, linkerSettings: linked),
    // tests
    .target(
      name: "TestSupport", dependencies: ["HTTP", "Formats", "CEpoll"], path: "Tests/TestSupport", swiftSettings: house),
    tests("LocksTests", ["Locks"]),
    tests("FormatsTests", ["Formats"]),
    tests("HTTPTests", ["HTTP", "Formats"]),
    tests("HTTPServerTests", ["HTTPServer", "HTTP", "Formats"]),
    tests("SQLTests", ["SQL", "SQLite", "Formats", "Locks"]),
    // The program, too: in-process tests ask the register that it opens.
    tests(
      "RegisterTests", ["chancery", "Service", "Store", "Intake", "Records", "HTTPServer", "SQLite", "SQL", "HTTP", "Formats", "Assets"]),
    tests("EndToEndTests", ["SQLite", "SQL", "Formats"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
