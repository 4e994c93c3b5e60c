/* Any bytes, cut anywhere: no crash, and the same records as uncut.
 * Input: a byte that chooses the paths, one that seeds the cuts, the answer. */
#include "base/text.h"
#include "fuzz.h"
#include "net/extract.h"

struct run {
  struct extract *extract;
  uint64_t trace;
};

static const struct extract_field fields[] = {
    {.path = "a"},
    {.path = "b.c"},
    {.path = "l[].d"},
    {.path = "u.*.n", .mode = EXTRACT_SUM},
    {.path = "l[]", .mode = EXTRACT_COUNT},
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

static int on_record(void *arg, const struct cell *cells) {
  struct run *run = arg;
  for (size_t i = 0; i < FIELDS; i++) {
    const struct cell *c = &cells[i];
    if (fields[i].mode != EXTRACT_FIRST) {
      double sum = sum_value(&c->sum);
      run->trace = text_hash(&sum, sizeof(sum), run->trace + i);
      continue;
    }
    CLAIM(c->kind < CELL_NUMBER || c->len < CELL_TEXT);
    run->trace = text_hash(&c->kind, sizeof(c->kind), run->trace);
    if (c->kind >= CELL_NUMBER) {
      CLAIM(c->text[c->len] == '\0');
      run->trace = text_hash(c->text, c->len, run->trace + c->cut);
    }
  }
  return 0;
}

/* Feeds all, in pieces of 1 to `most` bytes; what came of it as a hash. */
static uint64_t feed(struct run *run, const uint8_t *data, size_t size,
                     uint32_t most) {
  struct error err = {0};
  uint32_t random = most;
  int status = extract_begin(run->extract, &err);
  run->trace = 0;
  for (size_t n; status == 0 && size > 0; data += n, size -= n) {
    random = random * 1664525 + 1013904223;
    n = most == 0 ? size : 1 + (random >> 16) % most;
    n = n < size ? n : size;
    status = extract_feed(run->extract, data, n, &err);
  }
  if (status == 0)
    status = extract_finish(run->extract, &err);
  CLAIM((status == 0) == (err.code == ERROR_NONE));
  CLAIM(status != 0 || extract_complete(run->extract));
  bool met = extract_met(run->extract, 0);
  return text_hash(&met, sizeof(met), run->trace + (uint64_t)err.code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const records[] = {"[]", "", "l[]", "r.*", "r[].l[]"};
  if (size < 2)
    return 0;
  struct run run = {.trace = 0};
  struct error err = {0};
  const struct extract_group groups[] = {
      {records[data[0] % 5], fields, FIELDS, on_record, NULL},
      {records[data[0] / 5 % 5], fields, FIELDS, on_record, NULL}};
  run.extract = extract_new(groups, 2, &run, &err);
  CLAIM(run.extract != NULL);
  uint64_t whole = feed(&run, data + 2, size - 2, 0);
  CLAIM(whole == feed(&run, data + 2, size - 2, 1 + data[1] % 16));
  extract_free(run.extract);
  return 0;
}
