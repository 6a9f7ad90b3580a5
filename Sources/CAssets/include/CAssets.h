// Files that the program needs at run time, compiled in with #embed (C23): the program is one file.
#ifndef CASSETS_H
#define CASSETS_H
#include <stddef.h>
#include <stdint.h>

/// One embedded file: its name ("migrations/…", "data/…"), its bytes.
typedef struct {
  const char *path;
  const uint8_t *bytes;
  size_t count;
} cassets_file;

/// All files, and how many.
const cassets_file *cassets_files(void);
size_t cassets_count(void);
#endif
