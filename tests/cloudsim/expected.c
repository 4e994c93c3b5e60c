/*
 * What a correct poller reports. Where that is a field of the record, the
 * plugin's own row says which: its name and its states. The number is made from
 * the template of the field all the same, and the states are held to the real
 * services by tests/realcloud. All else is written by hand in apis.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cloudsim.h"
#include "rows.h"

enum { EXPECTATIONS = 512 };

static struct expectation all[EXPECTATIONS];
static size_t all_count;

static bool same_service(const struct collection *c, const struct row *row) {
  const struct service *s = service_find(c->service);
  const char *type = s->official != NULL ? s->official : s->type;
  return strcmp(type, row->service) == 0;
}

/* The collection whose records a row is about, or NULL. */
static const struct collection *collection_of(const struct row *row) {
  size_t path = strcspn(row->path, "?");

  for (size_t i = 0; i < collections_count; i++) {
    const struct collection *c = &collections[i];
    size_t key = c->key != NULL ? strlen(c->key) : 0;
    size_t end = c->path != NULL ? strlen(c->path) : 0;
    if (key > 0 && end > 0 && end <= path &&
        strncmp(row->record, c->key, key) == 0 &&
        strcmp(row->record + key, "[]") == 0 &&
        strncmp(row->path + path - end, c->path, end) == 0 &&
        same_service(c, row))
      return c;
  }
  return NULL;
}

static bool by_hand(const char *name) {
  for (size_t i = 0; i < expectations_count; i++) {
    if (strcmp(expectations[i].name, name) == 0)
      return true;
  }
  return false;
}

void expected_init(void) {
  struct row row;

  for (; all_count < expectations_count; all_count++)
    all[all_count] = expectations[all_count];
  for (size_t i = 1; row_get(i, &row) && all_count < EXPECTATIONS; i++) {
    const struct collection *c = collection_of(&row);
    const struct field *id = c != NULL ? field_find(c, row.id) : NULL;
    if (id == NULL || !row.of_record || by_hand(row.name) ||
        (row.field != NULL && field_find(c, row.field) == NULL))
      continue;
    all[all_count++] = (struct expectation){.name = row.name,
                                            .collection = c->name,
                                            .field = row.field,
                                            .id = id->value,
                                            .row = i};
  }
}

struct expected {
  struct producer producer;
  struct record rec;
  size_t row;
  uint64_t next, end;
  unsigned region;
  char wanted[8192];
};

static bool wanted(const char *list, const char *name) {
  size_t len = strlen(name);

  if (list[0] == '\0')
    return true;
  for (const char *at = list; (at = strstr(at, name)) != NULL; at += len) {
    if ((at == list || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
      return true;
  }
  return false;
}

/* The number of a rendered value; false: none. */
static bool put_number(struct buf *out, const struct expectation *m,
                       const struct buf *value) {
  const char *text = value->data;
  size_t len = value->len;

  if (len > 1 && text[0] == '"') {
    text++;
    len -= 2;
  }
  if (row_has_states(m->row)) {
    double state = row_state(m->row, text, len);
    if (isnan(state))
      return false;
    buf_format(out, "%.17g", state);
    return true;
  }
  if (m->states != NULL) {
    for (const struct state *s = m->states;; s++) {
      if (s->text == NULL ||
          (strlen(s->text) == len && strncasecmp(s->text, text, len) == 0)) {
        buf_format(out, "%d", s->number);
        return s->number != STATE_NOTHING;
      }
    }
  }
  if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
    buf_text(out, text[0] == 't' ? "1" : "0");
    return true;
  }
  buf_add(out, text, len);
  return strspn(text, "-+.0123456789") >= len; /* null has none */
}

static void put_sample(struct buf *out, const struct expectation *m,
                       const struct record *r) {
  struct buf id = {0}, value = {0}, line = {0};
  const char *template = "1";
  size_t quoted;

  if (account_status(r) != 200)
    return;
  if (m->field != NULL && m->field[0] == '=')
    template = m->field + 1;
  else if (m->field != NULL)
    template = field_find(r->from, m->field)->value;
  record_render(&id, m->id != NULL ? m->id : "$i", r);
  record_render(&value, template, r);
  quoted = id.len > 1 && id.data[0] == '"';
  buf_word(&line, id.data + quoted, id.len - 2 * quoted);
  buf_format(&line, " %s ", m->name);
  if (put_number(&line, m, &value)) {
    buf_text(&line, "\n");
    buf_add(out, line.data, line.len);
  }
  buf_clear(&id);
  buf_clear(&value);
  buf_clear(&line);
}

static bool expected_row(struct expected *e) {
  for (; e->row < collections_count; e->row++) {
    const struct collection *c = &collections[e->row];
    for (size_t i = 0; i < all_count; i++) {
      if (strcmp(all[i].collection, c->name) != 0 ||
          !wanted(e->wanted, all[i].name))
        continue;
      e->rec = (struct record){.from = c,
                               .row = (unsigned)e->row,
                               .seed = api_seed(e->region),
                               .base = ""};
      e->next = 0;
      e->end = record_total((unsigned)e->row);
      return true;
    }
  }
  return false;
}

static bool expected_produce(struct producer *producer, struct buf *out) {
  struct expected *e = (struct expected *)producer;

  while (e->next == e->end) {
    e->row++;
    if (!expected_row(e))
      return false;
  }
  for (int i = 0; i < 256 && e->next < e->end; i++) {
    record_set(&e->rec, e->next++);
    for (size_t m = 0; m < all_count; m++) {
      if (strcmp(all[m].collection, e->rec.from->name) == 0 &&
          wanted(e->wanted, all[m].name))
        put_sample(out, &all[m], &e->rec);
    }
  }
  return true;
}

static void expected_free(struct producer *producer) { free(producer); }

void expected_answer(struct request *req, struct reply *reply) {
  struct expected *e = calloc(1, sizeof(*e));
  char region[80];

  if (e == NULL)
    return;
  e->producer.produce = expected_produce;
  e->producer.free = expected_free;
  e->row = (size_t)-1;
  (void)query_get(req, "meters", 0, e->wanted, sizeof(e->wanted));
  if (query_get(req, "region", 0, region, sizeof(region))) {
    for (unsigned i = 0; i < sim.regions_count; i++) {
      if (strcmp(sim.regions[i], region) == 0)
        e->region = i;
    }
  }
  reply->rest = &e->producer;
}
