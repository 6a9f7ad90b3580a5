#include <sqlite3.h>

// sqlite3_config is variadic, which Swift cannot call.
// Connections stay on one thread each, so the library needs no mutex of its own around them, and nobody reads its memory
// statistics, which cost a global lock at each allocation.
static inline int csqlite_configure(void) {
  int failed = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  return failed ? failed : sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
