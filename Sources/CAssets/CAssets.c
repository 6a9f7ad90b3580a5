#include "CAssets.h"

#define FILE_LIST(F) \
  F("migrations/0001_register.sql", m0001)

static const uint8_t m0001[] = {
#embed "../../migrations/0001_register.sql"
};

static const cassets_file files[] = {
#define ENTRY(path, name) {path, name, sizeof name},
  FILE_LIST(ENTRY)
};

const cassets_file *cassets_files(void) { return files; }
size_t cassets_count(void) { return sizeof files / sizeof *files; }
