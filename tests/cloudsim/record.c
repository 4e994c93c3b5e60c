/*
 * A record from its index: templates, and what their placeholders stand for.
 *
 *   $i $I  own id, with and without dashes      $x $k  index; among siblings
 *   $p $u  project and user                     $o     domain of a project
 *   $z $Z  parent's id, with and without dashes $N     name, or null (JSON)
 *   $C     name of a container (JSON)           $h     base of links
 *   $b $g $c  bytes, GiB, a count               $d $D  32 and 128 hex digits
 *   $F $G $e  1024 and 2048 $g, two $c          $q     a count per project
 *   $K $O $B  children, their objects and bytes $n     name of a container
 *   $t $m  time without zone, its microseconds  $a     half an IPv4 address
 *   $1..$9 id of something else                 $U     own id, of users
 *   <A|B|C>    by turns         <10?A|B>  A for each tenth, else B
 *   <=0?A|B>   A for index 0, else B
 */
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

#define X16 "nnnnnnnnnnnnnnnn"
#define X255                                                                   \
  X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 "nnnnnnnnnnnnnn" \
                                                              "n"

/* Children: each fourth parent has none, the others N. */
enum { FERTILE = 3, PARENTS = 4 };

static uint64_t first_child(unsigned row, uint64_t parent) {
  return (parent / PARENTS * FERTILE + parent % PARENTS) * sim.count[row];
}

uint64_t record_total(unsigned row) {
  int parent;

  if (collections[row].parent == NULL)
    return sim.count[row];
  parent = collection_find(collections[row].parent);
  return first_child(row, sim.count[parent]);
}

void record_range(unsigned row, uint64_t parent, uint64_t *ret_first,
                  uint64_t *ret_end) {
  *ret_first = first_child(row, parent);
  *ret_end = *ret_first + (parent % PARENTS == FERTILE ? 0 : sim.count[row]);
}

void record_set(struct record *r, uint64_t index) {
  r->index = index;
  if (r->from->parent != NULL && sim.count[r->row] > 0) {
    uint64_t block = index / sim.count[r->row];
    r->parent = block / FERTILE * PARENTS + block % FERTILE;
  }
  ident_uuid(r->seed, r->row, index, r->id);
}

static uint64_t draw(const struct record *r, unsigned salt) {
  return ident_hash(r->seed + salt, r->row, r->index);
}

static uint64_t local_index(const struct record *r) {
  return r->from->parent != NULL ? r->index % sim.count[r->row] : r->index;
}

/* Names are the users' own: what breaks writers downstream is among them. */
static void put_name(struct buf *out, const struct record *r) {
  static const char *const raw[16] = {[3] = "\"line\\nbreak\"",
                                      [5] = "\"semi;colon=1\"",
                                      [7] = "\"a/b\"",
                                      [9] = "\"quote \\\"x\\\" \\\\back\"",
                                      [11] = "\"größe 日本\"",
                                      [13] = "\"" X255 "\"",
                                      [15] = "null"};
  static const char *const ascii[16] = {
      [11] = "\"gr\\u00f6\\u00dfe \\u65e5\\u672c \\ud83d\\ude00\""};
  unsigned odd = (unsigned)(r->index % 16);

  if (r->from->paging != PAGE_GLANCE && ascii[odd] != NULL) {
    buf_text(out, ascii[odd]);
  } else if (raw[odd] != NULL) {
    buf_text(out, raw[odd]);
  } else {
    buf_add(out, "\"", 1);
    buf_add(out, r->from->name, strlen(r->from->name) - 1);
    buf_add(out, "-", 1);
    buf_number(out, r->index);
    buf_add(out, "\"", 1);
  }
}

/* They sort by number, so that a marker can be any text. Twins differ only in
 * what an identifier cannot show. */
void record_child_name(struct buf *out, const struct record *r) {
  static const char *const tail[8] = {"",         " with space", "\nline\ttab",
                                      "",         "ö日😀",        "\"quote\"",
                                      ";a=b,c%d", "-" X255};
  static const char *const twin[2] = {" b", "_b"};
  uint64_t k = sim.twins ? local_index(r) / 2 : local_index(r);
  char digits[8];

  for (int i = 7; i >= 0; i--) {
    digits[i] = (char)('0' + k % 10);
    k /= 10;
  }
  buf_add(out, "c-", 2);
  buf_add(out, digits, sizeof(digits));
  k = local_index(r);
  if (sim.twins)
    buf_text(out, twin[k % 2]);
  else
    buf_add(out, tail[k % 8], strnlen(tail[k % 8], 245));
}

static void put_container(struct buf *out, const struct record *r) {
  struct buf name = {0};
  record_child_name(&name, r);
  if (name.data != NULL)
    buf_json(out, name.data);
  buf_clear(&name);
}

static void put_hex(struct buf *out, const struct record *r, unsigned kind,
                    uint64_t index, bool dashes) {
  char id[37];
  /* Projects and users are Keystone's: the same in all regions. */
  bool own = kind != ROW_PROJECTS && kind != ROW_DOMAINS && kind != KIND_USER;
  uint64_t seed = own ? r->seed : sim.seed;

  if (dashes)
    ident_uuid(seed, kind, index, id);
  else
    ident_hex(seed, kind, index, id);
  buf_add(out, id, dashes ? 36 : 32);
}

static void put_two(struct buf *out, unsigned number) {
  char digits[2] = {(char)('0' + number / 10), (char)('0' + number % 10)};
  buf_add(out, digits, 2);
}

static void put_time(struct buf *out, const struct record *r) {
  unsigned second = (unsigned)(r->index % 86400);

  buf_add(out, "2026-11-22T", 11);
  put_two(out, second / 3600);
  buf_add(out, ":", 1);
  put_two(out, second / 60 % 60);
  buf_add(out, ":", 1);
  put_two(out, second % 60);
}

/* Mostly some GiB; zero, one, and for images one above what a double holds. */
static uint64_t bytes(const struct record *r) {
  if (r->index == 5 && r->from->parent == NULL)
    return UINT64_C(9007199254740993);
  if (r->index == 6 || r->index == 7)
    return r->index - 6;
  return draw(r, 'b') >> (27 + draw(r, 's') % 8);
}

static void put_digest(struct buf *out, const struct record *r, unsigned n) {
  for (unsigned i = 0; i < n; i++)
    put_hex(out, r, KIND_OTHER + 100 + i, r->index, false);
}

static void put_parent(struct buf *out, const struct record *r, bool dashes) {
  int parent = collection_find(r->from->parent);
  if (parent >= 0)
    put_hex(out, r, (unsigned)parent, r->parent, dashes);
}

/* Domain 0 has the name of all clouds' first: "default". */
static void put_domain(struct buf *out, const struct record *r) {
  uint64_t domain = r->index % sim.count[ROW_DOMAINS];
  if (domain == 0)
    buf_text(out, "default");
  else
    put_hex(out, r, ROW_DOMAINS, domain, false);
}

static void put_related(struct buf *out, char what, const struct record *r) {
  if (what >= '1' && what <= '9')
    put_hex(out, r, KIND_OTHER + (unsigned)what, r->index, true);
  else if (what == 'p')
    put_hex(out, r, ROW_PROJECTS, draw(r, 'p') % sim.count[ROW_PROJECTS],
            false);
  else if (what == 'u')
    put_hex(out, r, KIND_USER, draw(r, 'u') % 7, false);
  else if (what == 'U')
    put_hex(out, r, KIND_USER, r->index, false);
  else if (what == 'o')
    put_domain(out, r);
  else
    put_parent(out, r, what == 'z');
}

static uint64_t number(char what, const struct record *r) {
  uint64_t project = r->from->parent != NULL ? r->parent : r->index;

  switch (what) {
  case 'x':
    return r->index;
  case 'k':
    return local_index(r);
  case 'b':
    return bytes(r);
  case 'c':
  case 'e':
    return draw(r, 'c') % 1000 * (what == 'e' ? 2 : 1);
  case 'g':
  case 'F':
  case 'G':
    return (draw(r, 'g') % 1000 + 1) * (what == 'g'   ? 1
                                        : what == 'F' ? 1024
                                                      : 2048);
  case 'q':
    return ident_hash(r->seed, 'q', project) % 100000;
  default: /* 'm': six digits */
    return 100000 + draw(r, 'm') % 900000;
  }
}

static uint64_t number_of(const char *template, const struct record *r) {
  struct buf text = {0};
  uint64_t value;

  record_render(&text, template, r);
  value = strtoull(text.data, NULL, 10);
  buf_clear(&text);
  return value;
}

/* Sums over the children: how many, their objects, their bytes. */
static void put_sum(struct buf *out, char what, const struct record *r) {
  int row = collection_find(r->from->children);
  struct record child;
  uint64_t next, end, sum = 0;

  if (row < 0 || account_status(r) != 200) {
    buf_text(out, "null");
    return;
  }
  record_range((unsigned)row, r->index, &next, &end);
  if (what == 'K') {
    buf_number(out, end - next);
    return;
  }
  child = (struct record){.from = &collections[row],
                          .row = (unsigned)row,
                          .seed = r->seed,
                          .base = ""};
  for (; next < end; next++) {
    record_set(&child, next);
    sum += number_of(what == 'O' ? child.from->objects : child.from->bytes,
                     &child);
  }
  buf_number(out, sum);
}

/* Some projects have no Swift account, a deleted one, or a closed one. */
unsigned account_status(const struct record *r) {
  uint64_t project = r->from->parent != NULL ? r->parent : r->index;

  if (strcmp(r->from->service, "object-store") != 0 || sim.open_accounts)
    return 200;
  if (project % 11 == 10)
    return 404;
  if (project % 13 == 12)
    return 410;
  return project % 17 == 16 ? 403 : 200;
}

static void put(struct buf *out, char what, const struct record *r) {
  switch (what) {
  case 'i':
    buf_add(out, r->id, 36);
    break;
  case 'I': /* what is counted for a project has the project's id */
    put_hex(out, r, r->from->like != NULL ? ROW_PROJECTS : r->row, r->index,
            false);
    break;
  case 'N':
    put_name(out, r);
    break;
  case 'C':
    put_container(out, r);
    break;
  case 'h':
    buf_text(out, r->base);
    break;
  case 'd':
    put_digest(out, r, 1);
    break;
  case 'D':
    put_digest(out, r, 4);
    break;
  case 't':
    put_time(out, r);
    break;
  case 'a':
    buf_number(out, r->index / 254 % 256);
    buf_add(out, ".", 1);
    buf_number(out, r->index % 254 + 1);
    break;
  case 'n':
    record_child_name(out, r);
    break;
  default:
    if (strchr("KOB", what) != NULL)
      put_sum(out, what, r);
    else if (strchr("xkbgcmeFGq", what) != NULL)
      buf_number(out, number(what, r));
    else
      put_related(out, what, r);
  }
}

/* From behind a '<' or '|' to the '|' or '>' that ends this branch. */
static const char *branch_end(const char *t) {
  for (int depth = 0;; t++) {
    t += strcspn(t, "<|>");
    if (depth == 0 && *t != '<')
      return t;
    depth += *t == '<' ? 1 : *t == '>' ? -1 : 0;
  }
}

/* Which branch: the condition, if any, is taken off *t. */
static uint64_t branch_pick(const char **t, const struct record *r) {
  bool equal = **t == '=';
  char *end = NULL;
  uint64_t number = strtoull(*t + equal, &end, 10), count = 1;

  if (end != *t + equal && *end == '?') {
    *t = end + 1;
    if (equal)
      return r->index != number;
    return r->index % number != number - 1;
  }
  for (const char *b = branch_end(*t); *b == '|'; b = branch_end(b + 1))
    count++;
  return r->index % count;
}

/* Renders up to the end of the branch (or text); returns where that is. */
static const char *render(struct buf *out, const char *t,
                          const struct record *r) {
  for (;;) {
    size_t len = strcspn(t, "$<|>");
    buf_add(out, t, len);
    t += len;
    if (*t == '$') {
      put(out, t[1], r);
      t += 2;
    } else if (*t == '<') {
      uint64_t skip;
      t++;
      for (skip = branch_pick(&t, r); skip > 0; skip--)
        t = branch_end(t) + 1;
      for (t = render(out, t, r); *t == '|'; t = branch_end(t + 1))
        ;
      t++;
    } else {
      return t;
    }
  }
}

void record_render(struct buf *out, const char *template,
                   const struct record *r) {
  render(out, template, r);
}

/* == which fields a request gets == */

/* The part behind "NAME=", if this is the name that a fault is about. */
static const char *bent(const char *fault, const char *name) {
  size_t len = strlen(name);
  return strncmp(fault, name, len) == 0 && fault[len] == '=' ? fault + len + 1
                                                             : NULL;
}

static bool picked(const struct request *req, const struct field *f,
                   const char *name) {
  const struct collection *c = req->row;
  char wish[80];
  unsigned n = 0;

  bool has = f->since <= req->minor && (f->until == 0 || req->minor < f->until);
  if (req->service->errors != ERRORS_NEUTRON && c->paging != PAGE_OCTAVIA)
    return has;
  while (query_get(req, "fields", n, wish, sizeof(wish))) {
    if (strcmp(wish, name) == 0)
      return true;
    n++;
  }
  return n == 0 && has;
}

void record_template(const struct request *req, struct buf *out,
                     const char *field, const char *const around[2]) {
  const char *comma = "{";

  for (const struct field *f = req->row->fields; f->name != NULL; f++) {
    const char *renamed = bent(req->effect.rename, f->name);
    const char *value = bent(field, f->name);
    const char *name = renamed != NULL ? renamed : f->name;
    if (!picked(req, f, name))
      continue;
    buf_format(out, "%s\"%s\": %s%s%s", comma, name, around[0],
               value != NULL ? value : f->value, around[1]);
    comma = ", ";
  }
  buf_text(out, comma[0] == '{' ? "{}" : "}");
}

void record_down_template(const struct collection *c, struct buf *out) {
  const char *comma = "{";

  for (const struct field *f = c->fields; f->name != NULL; f++) {
    if (f->down == NULL)
      continue;
    buf_format(out, "%s\"%s\": %s", comma, f->name, f->down);
    comma = ", ";
  }
  if (comma[0] != '{')
    buf_text(out, "}");
}
