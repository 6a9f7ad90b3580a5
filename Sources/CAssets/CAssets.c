// A new file takes two places: its bytes, and its line in the table below.
#include "CAssets.h"

// #embed is C23; the compiler takes it in every mode, and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t register_0001[] = {
#embed "../../migrations/0001_register.sql"
};
static const uint8_t imports_0002[] = {
#embed "../../migrations/0002_imports.sql"
};
static const uint8_t changes_in_order_0003[] = {
#embed "../../migrations/0003_changes_in_order.sql"
};
static const uint8_t event_rollups_0004[] = {
#embed "../../migrations/0004_event_rollups.sql"
};
static const uint8_t views_0005[] = {
#embed "../../migrations/0005_views.sql"
};
static const uint8_t event_totals_0006[] = {
#embed "../../migrations/0006_event_totals.sql"
};
static const uint8_t overdue_0007[] = {
#embed "../../migrations/0007_overdue.sql"
};
static const uint8_t sums_of_nothing_0008[] = {
#embed "../../migrations/0008_sums_of_nothing.sql"
};
static const uint8_t rollups_behind_the_writes_0009[] = {
#embed "../../migrations/0009_rollups_behind_the_writes.sql"
};
static const uint8_t countries[] = {
#embed "../Assets/data/countries.csv"
};
static const uint8_t country_codes[] = {
#embed "../Assets/data/country_codes.csv"
};
static const uint8_t country_aliases[] = {
#embed "../Assets/data/country_aliases.csv"
};
static const uint8_t regions[] = {
#embed "../Assets/data/regions.csv"
};
static const uint8_t cameo[] = {
#embed "../Assets/data/cameo.csv"
};
static const uint8_t strategies[] = {
#embed "../Assets/data/strategies.csv"
};
static const uint8_t vocabularies[] = {
#embed "../Assets/data/vocabularies.json"
};
static const uint8_t demo[] = {
#embed "../Assets/data/demo.ndjson"
};
static const uint8_t docs_css[] = {
#embed "../../web/docs.css"
};
static const uint8_t viewer_html[] = {
#embed "../../web/viewer.html"
};
static const uint8_t viewer_start_js[] = {
#embed "../../web/viewer-start.js"
};

#define ENTRY(path, bytes) {path, bytes, sizeof bytes}

static const cassets_file files[] = {
  ENTRY("migrations/0001_register.sql", register_0001),
  ENTRY("migrations/0002_imports.sql", imports_0002),
  ENTRY("migrations/0003_changes_in_order.sql", changes_in_order_0003),
  ENTRY("migrations/0004_event_rollups.sql", event_rollups_0004),
  ENTRY("migrations/0005_views.sql", views_0005),
  ENTRY("migrations/0006_event_totals.sql", event_totals_0006),
  ENTRY("migrations/0007_overdue.sql", overdue_0007),
  ENTRY("migrations/0008_sums_of_nothing.sql", sums_of_nothing_0008),
  ENTRY("migrations/0009_rollups_behind_the_writes.sql", rollups_behind_the_writes_0009),
  ENTRY("data/countries.csv", countries),
  ENTRY("data/country_codes.csv", country_codes),
  ENTRY("data/country_aliases.csv", country_aliases),
  ENTRY("data/regions.csv", regions),
  ENTRY("data/cameo.csv", cameo),
  ENTRY("data/strategies.csv", strategies),
  ENTRY("data/vocabularies.json", vocabularies),
  ENTRY("data/demo.ndjson", demo),
  ENTRY("web/docs.css", docs_css),
  ENTRY("web/viewer.html", viewer_html),
  ENTRY("web/viewer-start.js", viewer_start_js),
};

const cassets_file *cassets_files(void) { return files; }
size_t cassets_count(void) { return sizeof files / sizeof *files; }
