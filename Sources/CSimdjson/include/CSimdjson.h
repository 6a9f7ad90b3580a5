// simdjson's DOM tape behind C: parse, then read the tape where it lies (simdjson doc/tape.md).
#ifndef CSIMDJSON_H
#define CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/// A parser with its buffers; one per thread, used again for every document.
typedef struct csimdjson_parser csimdjson_parser;

/// What a parse gave; the pointers hold until the parser's next parse.
typedef struct {
  const uint64_t *tape;        // words: type in the top 8 bits, payload below
  size_t tape_count;
  const uint8_t *strings;      // each string: 4 bytes of length, the bytes, a NUL
  const uint32_t *structurals; // offsets in the input where tokens start
  size_t structural_count;
  int error;                   // simdjson::error_code; 0 is success
} csimdjson_document;

csimdjson_parser *csimdjson_new(size_t max_bytes, size_t max_depth);
void csimdjson_free(csimdjson_parser *parser);
csimdjson_document csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count);
/// Gives the buffers back if they were made for documents above `bytes`; the last document is gone then.
void csimdjson_trim(csimdjson_parser *parser, size_t bytes);
int csimdjson_valid_utf8(const uint8_t *bytes, size_t count);
/// Static text for an error code.
const char *csimdjson_error(int code);

#ifdef __cplusplus
}
#endif
#endif
