/* One page of a listing, made record by record while it is sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cloudsim.h"

/* Templates: some of no record, the right one, the first record's, and that of
 * a cell that is down. */
enum { FILTERS = 4, WRONG = 6, FIRST = WRONG, DOWN, TEMPLATES, BATCH = 128 };

struct page {
  struct producer producer;
  struct record rec;
  uint64_t begin, next, end; /* indexes */
  uint64_t total;            /* that the filters leave */
  uint64_t wanted, given;    /* wanted 0: all */
  uint64_t down, room;       /* the next of a cell that is down, and for how
                                many of them there is room */
  struct buf template[TEMPLATES];
  struct {
    const struct field *field;
    char value[80];
  } filter[FILTERS];
  size_t filters_count;
  struct effect effect;
  struct buf self;   /* link without its query */
  struct buf query;  /* what a link repeats: all but the marker */
  char marker[1100]; /* the request's own; Swift has names of 256 letters */
  char first[37];    /* ids of this page */
  char last[37];
  char base[256];
  bool begun, limited, counted, hides_down;
};

static void page_free(struct producer *producer) {
  struct page *p = (struct page *)producer;

  for (size_t i = 0; i < TEMPLATES; i++)
    buf_clear(&p->template[i]);
  buf_clear(&p->self);
  buf_clear(&p->query);
  free(p);
}

/* == what surrounds the records == */

static void put_href(struct buf *out, const struct page *p, const char *param,
                     const char *marker, const char *tail) {
  struct buf href = {0};

  buf_add(&href, p->self.data, p->self.len);
  if (p->query.len > 0 || marker[0] != '\0')
    buf_text(&href, "?");
  if (p->query.len > 0)
    buf_add(&href, p->query.data, p->query.len);
  if (marker[0] != '\0')
    buf_format(&href, "%s%s%s", p->query.len > 0 ? "&" : "", param, marker);
  buf_text(&href, tail);
  if (!href.failed)
    buf_json(out, href.data);
  buf_clear(&href);
}

static void put_next(struct buf *out, const struct page *p) {
  const char *marker = p->effect.link_loop ? p->marker : p->last;
  if (p->effect.link[0] != '\0')
    buf_text(out, p->effect.link);
  else
    put_href(out, p, "marker=", marker, "");
}

static void neutron_links(struct buf *out, const struct page *p, bool more) {
  if (!p->limited)
    return;
  buf_format(out, ", \"%s_links\": [", p->rec.from->key);
  if (more) {
    buf_text(out, "{\"rel\": \"next\", \"href\": ");
    put_next(out, p);
    buf_text(out, "}, ");
  }
  buf_text(out, "{\"rel\": \"previous\", \"href\": ");
  put_href(out, p, "marker=", p->first, "&page_reverse=True");
  buf_text(out, "}]");
}

static void designate_links(struct buf *out, const struct page *p, bool more) {
  buf_text(out, ", \"links\": {\"self\": ");
  put_href(out, p, "marker=", p->marker, "");
  if (more) {
    buf_text(out, ", \"next\": ");
    put_next(out, p);
  }
  buf_format(out, "}, \"metadata\": {\"total_count\": %llu}",
             (unsigned long long)p->total);
}

static void glance_links(struct buf *out, const struct page *p, bool more) {
  buf_text(out, ", \"first\": ");
  put_href(out, p, "", "", "");
  buf_format(out, ", \"schema\": \"/v2/schemas/%s\"", p->rec.from->key);
  if (more) {
    buf_text(out, ", \"next\": ");
    put_next(out, p);
  }
}

static void keystone_links(struct buf *out, const struct page *p, bool more) {
  buf_text(out, ", \"links\": {\"next\": ");
  if (more && p->limited)
    put_next(out, p);
  else
    buf_text(out, "null");
  buf_text(out, ", \"self\": ");
  put_href(out, p, "", "", "");
  buf_text(out, ", \"previous\": null}");
  if (more && p->effect.list_limit > 0)
    buf_text(out, ", \"truncated\": true");
}

static void octavia_links(struct buf *out, const struct page *p, bool more) {
  buf_format(out, ", \"%s_links\": [", p->rec.from->key);
  if (more) {
    buf_text(out, "{\"href\": ");
    put_next(out, p);
    buf_text(out, ", \"rel\": \"next\"}");
  }
  buf_text(out, "]");
}

/* A full page has a next link, also when nothing follows. */
static void put_tail(struct buf *out, const struct page *p) {
  bool more =
      p->wanted > 0 && p->given == p->wanted && p->effect.short_page == 0;
  const char *key = p->rec.from->key, *links = p->rec.from->links;

  if (p->rec.from->paging == PAGE_OBJECT) {
    buf_text(out, p->given == 0 ? "{}" : "");
    buf_text(out, p->rec.from->close);
    return;
  }
  buf_text(out, "]");
  switch (p->rec.from->paging) {
  case PAGE_SWIFT:
  case PAGE_BARE:
  case PAGE_OBJECT:
    return;
  case PAGE_NONE:
  case PAGE_OFFSET:
  case PAGE_MARKER:
    break;
  case PAGE_KEYSTONE:
    keystone_links(out, p, more);
    break;
  case PAGE_NEXT:
    if (!more)
      break;
    buf_text(out, ", \"next\": ");
    put_next(out, p);
    break;
  case PAGE_GLANCE:
    glance_links(out, p, more);
    break;
  case PAGE_NEUTRON:
    neutron_links(out, p, more);
    break;
  case PAGE_DESIGNATE:
    designate_links(out, p, more);
    break;
  case PAGE_OCTAVIA:
    octavia_links(out, p, more);
    break;
  case PAGE_MANILA:
    if (p->counted)
      buf_format(out, ", \"count\": %llu", (unsigned long long)p->total);
    /* fall through */
  case PAGE_LINKS:
    if (!more || (p->rec.from->paging == PAGE_MANILA && !p->limited))
      break;
    buf_format(out, ", \"%s%s\": [{\"rel\": \"next\", \"href\": ",
               links != NULL ? links : key, links != NULL ? "" : "_links");
    put_next(out, p);
    buf_text(out, "}]");
    break;
  }
  buf_text(out, "}");
}

/* ---- records ---------------------------------------------------------------
 */

static bool filters_match(const struct page *p) {
  for (size_t i = 0; i < p->filters_count; i++) {
    struct buf value = {0};
    const char *text;
    size_t len;
    bool same;

    record_render(&value, p->filter[i].field->value, &p->rec);
    text = value.data + (value.data[0] == '"');
    len = strcspn(text, "\"");
    same = len == strlen(p->filter[i].value) &&
           strncasecmp(text, p->filter[i].value, len) == 0;
    buf_clear(&value);
    if (!same)
      return false;
  }
  return true;
}

static bool is_down(const struct page *p) {
  return p->effect.down_cell > 0 && p->template[DOWN].len > 0 &&
         p->rec.index % p->effect.down_cell == p->effect.down_cell - 1;
}

static void put_record(struct buf *out, struct page *p) {
  unsigned variant = p->effect.wrong_types ? p->rec.index % WRONG : WRONG - 1;

  if (p->given > 0)
    buf_add(out, ", ", 2);
  if (p->given == 0 && p->effect.repeat) {
    record_render(out, p->template[variant].data, &p->rec);
    buf_add(out, ", ", 2);
  }
  if (p->given == 0 && p->effect.field[0] != '\0')
    variant = FIRST;
  if (is_down(p))
    variant = DOWN;
  record_render(out, p->template[variant].data, &p->rec);
  if (p->given++ == 0)
    memcpy(p->first, p->rec.id, sizeof(p->first));
  memcpy(p->last, p->rec.id, sizeof(p->last));
}

/* Nova puts what it knows of a cell that is down ahead of each page, from the
 * first on, as far as there is room. */
static bool put_down(struct buf *out, struct page *p) {
  if (p->room == 0 || p->down >= p->end)
    return false;
  record_set(&p->rec, p->down++);
  if (filters_match(p) && is_down(p)) {
    put_record(out, p);
    p->room--;
  }
  return true;
}

static bool page_produce(struct producer *producer, struct buf *out) {
  struct page *p = (struct page *)producer;

  if (!p->begun) {
    if (p->rec.from->paging == PAGE_SWIFT || p->rec.from->paging == PAGE_BARE)
      buf_text(out, "[");
    else if (p->rec.from->paging == PAGE_OBJECT)
      buf_text(out, p->rec.from->open);
    else
      buf_format(out, "{\"%s\": [", p->rec.from->key);
    p->begun = true;
  }
  for (int i = 0; i < BATCH; i++) {
    if (put_down(out, p))
      continue;
    if (p->effect.endless && p->next >= p->end)
      p->next = p->begin;
    if (p->next >= p->end ||
        (p->wanted > 0 && p->given == p->wanted && !p->effect.endless)) {
      put_tail(out, p);
      return false;
    }
    record_set(&p->rec, p->next++);
    if (filters_match(p) && !(p->hides_down && is_down(p)))
      put_record(out, p);
  }
  return true;
}

static void count_total(struct page *p) {
  if (p->filters_count == 0) {
    p->total = p->end - p->begin;
    return;
  }
  for (uint64_t i = p->begin; i < p->end; i++) {
    record_set(&p->rec, i);
    p->total += filters_match(p);
  }
}

/* ---- what the request asks for ---------------------------------------------
 */

static void set_templates(struct page *p, const struct request *req) {
  static const char *const none[] = {"", ""}, *const list[] = {"[", "]"},
                           *const object[] = {"{\"v\": ", "}"};

  record_template(req, &p->template[WRONG - 1], "", none);
  record_template(req, &p->template[FIRST], p -> effect.field, none);
  record_down_template(req->row, &p->template[DOWN]);
  if (!p->effect.wrong_types)
    return;
  record_template(req, &p->template[0], "", list);
  record_template(req, &p->template[1], "", object);
  buf_text(&p->template[2], "true");
  buf_text(&p->template[3], "\"not a record\"");
  buf_text(&p->template[4], "null");
}

static void add_filter(struct page *p, const char *name, const char *value) {
  const struct field *f = field_find(p->rec.from, name);
  size_t at = p->filters_count;

  if (f == NULL || at == FILTERS || strlen(value) >= sizeof(p->filter[0].value))
    return;
  p->filter[at].field = f;
  memcpy(p->filter[at].value, value, strlen(value) + 1);
  p->filters_count++;
}

/* Neutron and Octavia show an administrator everything unasked. */
static bool asks_all(const struct request *req) {
  const struct collection *c = req->row;
  char value[16] = "";
  const char *text = value;

  if (c->all_query == NULL && c->all_header == NULL)
    return true;
  if (c->all_query != NULL)
    (void)query_get(req, c->all_query, 0, value, sizeof(value));
  else if ((text = request_header(req, c->all_header)) == NULL)
    text = "";
  return strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

static void set_filters(struct page *p, const struct request *req) {
  const char *names = req->row->filters != NULL ? req->row->filters : "";
  bool admin = req->who.user == NULL || req->who.user->admin;
  enum sight sight = admin ? SEE_ALL : req->row->reader;
  char own[33];

  while (*names != '\0') {
    size_t len = strcspn(names, " ");
    char name[40] = {0}, value[80];

    if (len < sizeof(name))
      memcpy(name, names, len);
    if (query_get(req, name, 0, value, sizeof(value)))
      add_filter(p, name, value);
    names += len;
    names += strspn(names, " ");
  }
  if (sight == SEE_NONE)
    p->end = p->begin;
  if (sight == SEE_PUBLIC)
    add_filter(p, "visibility", "public");
  if (sight == SEE_PUBLIC)
    add_filter(p, "os-flavor-access:is_public", "true");
  if (req->row->project == NULL || (sight == SEE_ALL && asks_all(req)))
    return;
  ident_hex(sim.seed, ROW_PROJECTS, req->who.target, own);
  add_filter(p, req->row->project, own);
}

static bool number_get(const struct request *req, const char *name,
                       uint64_t *ret_number) {
  char text[24], *end = NULL;

  if (!query_get(req, name, 0, text, sizeof(text)))
    return false;
  *ret_number = strtoull(text, &end, 10);
  if (end == text || *end != '\0' || text[0] == '-')
    *ret_number = UINT64_MAX;
  return true;
}

/* A Keystone before 2025.1 has no pages, and takes no notice of a limit. */
static void set_keystone_limit(struct page *p, const struct request *req) {
  const struct effect *e = &p->effect;
  uint64_t limit = 0;

  p->limited = e->max_db_limit > 0 && number_get(req, "limit", &limit);
  p->wanted = e->list_limit > 0 ? e->list_limit : e->max_db_limit;
  if (p->limited && limit > 0 && limit < p->wanted)
    p->wanted = limit;
}

/* Sets how many records the page has at most. False: replied an error. */
static bool set_limit(struct page *p, const struct request *req,
                      struct reply *reply) {
  const struct collection *c = req->row;
  uint64_t cap = c->limit_max, limit = 0;

  if (c->paging == PAGE_NONE || c->paging == PAGE_BARE ||
      c->paging == PAGE_OBJECT)
    return true;
  if (c->paging == PAGE_KEYSTONE) {
    set_keystone_limit(p, req);
    return true;
  }
  if (sim.page_cap > 0 && (cap == 0 || sim.page_cap < cap))
    cap = sim.page_cap;
  p->wanted = c->limit;
  p->limited = number_get(req, "limit", &limit);
  if (p->limited && limit == UINT64_MAX) {
    error_reply(req, reply, 400, "limit param must be an integer");
    return false;
  }
  if (p->limited && c->paging == PAGE_SWIFT && limit > cap) {
    error_reply(req, reply, 412, "Maximum limit is 10000");
    return false;
  }
  if (p->limited && limit == 0 && c->paging != PAGE_NEUTRON)
    p->end = p->begin;
  if (p->limited)
    p->wanted = limit;
  if (cap > 0 && (p->wanted == 0 || p->wanted > cap))
    p->wanted = cap;
  p->limited = p->limited || (c->paging == PAGE_NEUTRON && cap > 0);
  return true;
}

/* The first name after the marker, which may be any text. */
static uint64_t name_after(struct page *p, const char *marker) {
  uint64_t low = p->next, high = p->end;

  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    struct buf name = {0};
    record_set(&p->rec, middle);
    record_child_name(&name, &p->rec);
    if (strcmp(name.data, marker) > 0)
      high = middle;
    else
      low = middle + 1;
    buf_clear(&name);
  }
  return low;
}

/* Those of the page that are not down; the others come ahead of them. */
static void set_down(struct page *p) {
  uint64_t up = 0;

  if (p->effect.down_cell == 0 || p->template[DOWN].len == 0 || p->hides_down ||
      p->wanted == 0)
    return;
  for (uint64_t i = p->next; i < p->end && up < p->wanted; i++) {
    record_set(&p->rec, i);
    up += filters_match(p) && !is_down(p);
  }
  p->down = p->begin;
  p->room = p->wanted - up;
  p->hides_down = true;
}

/* Sets where the page begins. False: replied an error. */
static bool set_start(struct page *p, const struct request *req,
                      struct reply *reply) {
  const struct collection *c = req->row;
  uint64_t offset = 0, found;
  char message[1300];

  if ((c->paging == PAGE_LINKS || c->paging == PAGE_MANILA ||
       c->paging == PAGE_OFFSET) &&
      number_get(req, "offset", &offset) && offset != UINT64_MAX)
    p->next += offset;
  if (!query_get(req, "marker", 0, p->marker, sizeof(p->marker)) ||
      p->effect.restart || c->paging == PAGE_MANILA || c->paging == PAGE_OFFSET)
    return true;
  if (c->paging == PAGE_SWIFT) {
    p->next = name_after(p, p->marker);
    return true;
  }
  if (c->any_marker > 0) {
    error_reply(req, reply, c->any_marker, NULL);
    return false;
  }
  if (ident_index(p->rec.seed, p->rec.row, p->marker, strlen(p->marker),
                  &found) &&
      found >= p->begin && found < p->end) {
    p->next = found + 1;
    record_set(&p->rec, found);
    if (is_down(p) && !p->hides_down) /* its database is asked for it */
      error_reply(req, reply, 500, NULL);
    return !is_down(p) || p->hides_down;
  }
  if (c->bad_marker == 0)
    return true;
  snprintf(message, sizeof(message),
           c->bad_marker == 404 ? "%c%.*s %s could not be found."
                                : "No %c%.*s found with ID %s",
           c->name[0] - (c->bad_marker == 404 ? 'a' - 'A' : 0),
           (int)strlen(c->name) - 2, c->name + 1, p->marker);
  error_reply(req, reply, c->bad_marker, message);
  return false;
}

static void set_links(struct page *p, const struct request *req) {
  static const char *const marker[] = {"marker", NULL};
  static const char *const forgets[] = {"marker", "fields"};
  const char *path = req->rest;
  size_t len;

  if (p->effect.elsewhere[0] != '\0') {
    buf_text(&p->self, p->effect.elsewhere);
  } else if (req->row->paging != PAGE_GLANCE) {
    buf_text(&p->self, sim.link_base != NULL ? sim.link_base : sim.base);
    path = sim.link_base != NULL ? req->rest : req->path;
  }
  len = strlen(path);
  /* Manila's link forgets that details were asked for, Octavia's the fields. */
  if (req->row->paging == PAGE_MANILA && len > 7)
    len -= strlen("/detail");
  buf_add(&p->self, path, len);
  query_without(req, req->row->paging == PAGE_OCTAVIA ? forgets : marker,
                &p->query);
}

void page_answer(struct request *req, struct reply *reply) {
  struct page *p = calloc(1, sizeof(*p));
  struct buf base = {0};
  char text[16];

  if (p == NULL)
    return;
  p->producer.produce = page_produce;
  p->producer.free = page_free;
  p->effect = req->effect;
  p->rec.from = req->row;
  p->rec.row = (unsigned)(req->row - collections);
  p->rec.seed = api_seed(req->service == &services[0] ? 0 : req->region);
  p->rec.base = p->base;
  api_range(req, &p->begin, &p->end);
  if (p->effect.no_records)
    p->end = p->begin;
  p->next = p->begin;
  api_base(&base, req);
  if (base.len < sizeof(p->base))
    memcpy(p->base, base.data, base.len + 1);
  buf_clear(&base);
  set_filters(p, req);
  p->hides_down = req->minor < req->row->down_since;
  p->counted = req->row->paging == PAGE_MANILA && req->minor >= 42 &&
               query_get(req, "with_count", 0, text, sizeof(text));
  if (req->row->paging == PAGE_DESIGNATE || p->counted)
    count_total(p);
  set_templates(p, req);
  if (!set_limit(p, req, reply) || !set_start(p, req, reply)) {
    page_free(&p->producer);
    return;
  }
  if (p->wanted > p->effect.short_page)
    p->wanted -= p->effect.short_page;
  set_down(p);
  set_links(p, req);
  reply_header(reply, "Content-Type",
               req->row->paging == PAGE_SWIFT
                   ? "application/json; charset=utf-8"
                   : "application/json");
  reply->status = 200;
  reply->rest = &p->producer;
}
