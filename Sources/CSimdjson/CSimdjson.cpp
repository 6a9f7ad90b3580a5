#include "CSimdjson.h"
#include <new>
#include <simdjson.h>

struct csimdjson_parser {
  simdjson::dom::parser parser;
  size_t depth;
  csimdjson_parser(size_t max_bytes, size_t max_depth) : parser(max_bytes), depth(max_depth) {}
};

extern "C" {

csimdjson_parser *csimdjson_new(size_t max_bytes, size_t max_depth) {
  return new (std::nothrow) csimdjson_parser(max_bytes, max_depth);
}

void csimdjson_free(csimdjson_parser *parser) { delete parser; }

csimdjson_document csimdjson_parse(csimdjson_parser *p, const uint8_t *bytes, size_t count) {
  csimdjson_document out = {};
  // The depth is part of the allocation, so it is set before the first document makes one.
  size_t wanted = count < 4096 ? 4096 : count;
  if (p->parser.capacity() < wanted || p->parser.max_depth() != p->depth) {
    auto failed = p->parser.allocate(wanted, p->depth);
    if (failed) { out.error = failed; return out; }
  }
  simdjson::dom::element root;
  auto failed = p->parser.parse(bytes, count, true).get(root);
  out.error = failed;
  out.structurals = p->parser.implementation->structural_indexes.get();
  out.structural_count = p->parser.implementation->n_structural_indexes;
  if (failed) return out;
  out.tape = p->parser.doc.tape.get();
  out.tape_count = size_t(out.tape[0] & 0x00FFFFFFFFFFFFFFULL);
  out.strings = p->parser.doc.string_buf.get();
  return out;
}

void csimdjson_trim(csimdjson_parser *p, size_t bytes) {
  if (p->parser.capacity() > bytes) p->parser = simdjson::dom::parser(p->parser.max_capacity());
}

int csimdjson_valid_utf8(const uint8_t *bytes, size_t count) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count);
}

const char *csimdjson_error(int code) {
  return simdjson::error_message(static_cast<simdjson::error_code>(code));
}

}
