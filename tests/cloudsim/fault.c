/* Faults on demand: which requests they meet, and how they bend an answer. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudsim.h"

enum { FAULTS = 64 };
#define NONE SIZE_MAX

struct kind {
  const char *name;
  size_t flag, number, text; /* offsets in struct effect, or NONE */
  unsigned preset;
  const char *preset_text;
};

#define AT(f) offsetof(struct effect, f)
#define FLAG(f) AT(f), NONE, NONE, 0, NULL
#define NUMBER(f, preset) NONE, AT(f), NONE, preset, NULL
#define BOTH(f, n, preset) AT(f), AT(n), NONE, preset, NULL
#define TEXT(f, preset) NONE, NONE, AT(f), 0, preset
#define ELSEWHERE "http://elsewhere.invalid"
/* clang-format off */
static const struct kind kinds[] = {
  {"status",         NUMBER(status, 500)},
  {"proxy-status",   NUMBER(proxy_status, 403)},
  {"retry-after",    BOTH(has_retry, retry_after, 1)},
  {"latency",        NUMBER(latency_ms, 1000)},
  {"hang",           FLAG(hang)},
  {"cut",            BOTH(cut, cut_bytes, 1000)},
  {"break",          BOTH(broken, cut_bytes, 1000)},
  {"drip",           NUMBER(drip_ms, 200)},
  {"endless",        FLAG(endless)},
  {"bad-json",       FLAG(bad_json)},
  {"bad-checksum",   FLAG(bad_checksum)},
  {"wrong-types",    FLAG(wrong_types)},
  {"field",          TEXT(field, "size=NaN")},
  {"rename",         TEXT(rename, "project_id=tenant_id")},
  {"repeat",         FLAG(repeat)},
  {"no-records",     FLAG(no_records)},
  {"list-limit",     NUMBER(list_limit, 10)},
  {"max-db-limit",   NUMBER(max_db_limit, 1000)},
  {"down-cell",      NUMBER(down_cell, 4)},
  {"short-page",     NUMBER(short_page, 1)},
  {"link-loop",      FLAG(link_loop)},
  {"link-elsewhere", TEXT(elsewhere, ELSEWHERE)},
  {"link",           TEXT(link, "7")},
  {"restart",        FLAG(restart)},
  {"huge-header",    NUMBER(header_bytes, 100000)},
  {"long-string",    NUMBER(string_bytes, 10000000)},
  {"deep",           NUMBER(depth, 1000)},
  {"empty-reply",    FLAG(empty)},
  {"gzip-bomb",      NUMBER(bomb_mb, 1024)},
  {"expire-token",   FLAG(expire)},
  {"no-length",      FLAG(no_length)},
  {"redirect",       TEXT(redirect, ELSEWHERE)},
};
/* clang-format on */

struct fault {
  char prefix[256], text[FAULT_TEXT];
  const struct kind *kind;
  unsigned number, status;
  unsigned long after, times, seen;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault faults[FAULTS];
static size_t faults_count;

/* == which requests == */

static const struct kind *kind_find(const char *name) {
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    if (strcmp(kinds[i].name, name) == 0)
      return &kinds[i];
  }
  return NULL;
}

/* "after=3", "times=1", a number, or the text that some kinds take. */
static bool read_word(struct fault *f, const char *word, bool *had_number) {
  char *end = NULL;
  unsigned long number;

  if (strncmp(word, "after=", 6) == 0) {
    f->after = strtoul(word + 6, &end, 10);
    return *end == '\0';
  }
  if (strncmp(word, "times=", 6) == 0) {
    f->times = strtoul(word + 6, &end, 10);
    return *end == '\0';
  }
  if (f->kind->text != NONE) {
    snprintf(f->text, sizeof(f->text), "%s", word);
    return true;
  }
  number = strtoul(word, &end, 10);
  if (*end != '\0')
    return false;
  if (*had_number)
    f->status = (unsigned)number;
  else
    f->number = (unsigned)number;
  *had_number = true;
  return true;
}

bool fault_add(const char *spec) {
  struct fault f = {.times = (unsigned long)-1, .status = 429};
  char kind[32], word[256];
  bool had_number = false, added = false;
  int used = 0;

  if (sscanf(spec, "%255s %31s%n", f.prefix, kind, &used) != 2 ||
      (f.kind = kind_find(kind)) == NULL)
    return false;
  f.number = f.kind->preset;
  if (f.kind->text != NONE)
    snprintf(f.text, sizeof(f.text), "%s", f.kind->preset_text);
  for (spec += used; sscanf(spec, " %255s%n", word, &used) == 1; spec += used) {
    if (!read_word(&f, word, &had_number))
      return false;
  }
  pthread_mutex_lock(&lock);
  if (faults_count < FAULTS) {
    faults[faults_count++] = f;
    added = true;
  }
  pthread_mutex_unlock(&lock);
  return added;
}

void fault_usage(FILE *out) {
  fputs("kinds of faults, each with its usual argument:", out);
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    fprintf(out, "%s%s", i % 4 == 0 ? "\n  " : ", ", kinds[i].name);
    if (kinds[i].text != NONE)
      fprintf(out, " %s", kinds[i].preset_text);
    else if (kinds[i].number != NONE)
      fprintf(out, " %u", kinds[i].preset);
  }
  fputs("\n", out);
}

void fault_clear(void) {
  pthread_mutex_lock(&lock);
  faults_count = 0;
  pthread_mutex_unlock(&lock);
}

static void apply(const struct fault *f, struct effect *e) {
  char *base = (char *)e;

  if (f->kind->flag != NONE)
    *(bool *)(base + f->kind->flag) = true;
  if (f->kind->number != NONE)
    *(unsigned *)(base + f->kind->number) = f->number;
  if (f->kind->text != NONE)
    memcpy(base + f->kind->text, f->text, sizeof(f->text));
  if (f->kind->flag == AT(has_retry))
    e->status = f->status;
}

void fault_match(const char *path, struct effect *ret_effect) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < faults_count; i++) {
    struct fault *f = &faults[i];
    if (strncmp(path, f->prefix, strlen(f->prefix)) != 0)
      continue;
    if (f->seen++ >= f->after && f->seen - f->after <= f->times)
      apply(f, ret_effect);
  }
  pthread_mutex_unlock(&lock);
}

/* == gzip, honest and otherwise == */

static void put_little(struct buf *out, uint32_t value, int bytes) {
  for (; bytes > 0; bytes--, value >>= 8) {
    char c = (char)(value & 255);
    buf_add(out, &c, 1);
  }
}

static uint32_t crc32(const char *data, size_t len) {
  uint32_t crc = 0xffffffff;

  for (size_t i = 0; i < len; i++) {
    crc ^= (unsigned char)data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

static void put_gzip_head(struct buf *out) {
  buf_add(out, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
}

/* Nothing gets smaller: it is the format that is to be tested. */
static void compress(struct reply *reply, bool honest) {
  struct buf out = {0};
  size_t at = 0, len;

  put_gzip_head(&out);
  do {
    len = reply->body.len - at;
    len = len > 65535 ? 65535 : len;
    buf_add(&out, at + len == reply->body.len ? "\1" : "\0", 1);
    put_little(&out, (uint32_t)len, 2);
    put_little(&out, ~(uint32_t)len, 2);
    buf_add(&out, reply->body.data + at, len);
    at += len;
  } while (at < reply->body.len);
  put_little(&out, crc32(reply->body.data, reply->body.len) ^ !honest, 4);
  put_little(&out, (uint32_t)reply->body.len, 4);
  buf_clear(&reply->body);
  reply->body = out;
  reply_header(reply, "Content-Encoding", "gzip");
}

/* A megabyte of blanks in 6.3 kB, as often as asked for. */
struct bomb {
  struct producer producer;
  uint64_t left; /* matches of 258 blanks */
  uint32_t bits;
  int bits_count;
};

static void put_bits(struct bomb *b, struct buf *out, uint32_t bits, int n) {
  b->bits |= bits << b->bits_count;
  for (b->bits_count += n; b->bits_count >= 8; b->bits_count -= 8) {
    char c = (char)(b->bits & 255);
    buf_add(out, &c, 1);
    b->bits >>= 8;
  }
}

static bool bomb_produce(struct producer *producer, struct buf *out) {
  struct bomb *b = (struct bomb *)producer;

  for (int i = 0; i < 4096; i++) {
    if (b->left == 0) {
      put_bits(b, out, 0, 7 + 7); /* end of block, and filling up */
      return false;
    }
    /* Length 258 is 11000101, first bit first; distance 1 is 00000. */
    put_bits(b, out, 0xa3, 13);
    b->left--;
  }
  return true;
}

static void plain_free(struct producer *producer) { free(producer); }

static void bomb(struct request *req, struct reply *reply) {
  struct bomb *b = calloc(1, sizeof(*b));

  reply_clear(reply);
  if (b == NULL)
    return;
  b->producer.produce = bomb_produce;
  b->producer.free = plain_free;
  b->left = (uint64_t)req->effect.bomb_mb * (1 << 20) / 258;
  put_gzip_head(&reply->body);
  put_bits(b, &reply->body, 3, 3);    /* last block, fixed codes */
  put_bits(b, &reply->body, 0x0a, 8); /* a blank: 01010000, first bit first */
  reply->status = 200;
  reply->rest = &b->producer;
  reply_header(reply, "Content-Type", "application/json");
  reply_header(reply, "Content-Encoding", "gzip");
}

/* == other bends == */

/* Blanks for ever, where the body would end. */
static bool blanks_produce(struct producer *producer, struct buf *out) {
  (void)producer;
  for (int i = 0; i < 4096; i++)
    buf_add(out, "                ", 16);
  return true;
}

static void endless(struct reply *reply) {
  struct producer *blanks = calloc(1, sizeof(*blanks));

  if (blanks == NULL)
    return;
  blanks->produce = blanks_produce;
  blanks->free = plain_free;
  reply->body.len--;
  reply->rest = blanks;
}

/* Puts a member (or an element) of fill and depth in front of the others. */
static void stuff(struct reply *reply, size_t string, size_t depth) {
  struct buf junk = {0};
  bool names = reply->body.data[0] == '{';

  if (names)
    buf_text(&junk, "\"junk\": ");
  if (string > 0)
    buf_add(&junk, "\"", 1);
  for (size_t i = 0; i < string; i++)
    buf_add(&junk, "A", 1);
  if (string > 0)
    buf_add(&junk, "\"", 1);
  for (size_t i = 0; i < depth; i++)
    buf_add(&junk, "[", 1);
  for (size_t i = 0; i < depth; i++)
    buf_add(&junk, "]", 1);
  buf_text(&junk, ", ");
  if (!junk.failed)
    buf_insert(&reply->body, 1, junk.data, junk.len);
  buf_clear(&junk);
}

static void huge_header(struct reply *reply, size_t bytes) {
  struct buf value = {0};

  for (size_t i = 0; i < bytes; i++)
    buf_add(&value, "h", 1);
  if (value.failed || reply->headers_count == REPLY_HEADERS)
    return;
  reply->headers[reply->headers_count].name = "X-Huge";
  reply->headers[reply->headers_count++].value = value.data;
}

void fault_bend(struct request *req, struct reply *reply) {
  const struct effect *e = &req->effect;
  const char *accept = request_header(req, "Accept-Encoding");

  if (e->bomb_mb > 0) {
    bomb(req, reply);
    return;
  }
  if (e->has_retry)
    reply_header(reply, "Retry-After", "%u", e->retry_after);
  if (e->header_bytes > 0)
    huge_header(reply, e->header_bytes);
  if (reply->body.len == 0)
    return;
  if (e->string_bytes > 0)
    stuff(reply, e->string_bytes, 0);
  if (e->depth > 0)
    stuff(reply, 0, e->depth);
  if (e->endless && reply->rest == NULL)
    endless(reply);
  if (e->bad_json)
    buf_insert(&reply->body, reply->body.len / 2, "\x01]}\"\\{,", 7);
  if (sim.gzip && reply->rest == NULL && req->service != NULL &&
      accept != NULL && strstr(accept, "gzip") != NULL)
    compress(reply, !e->bad_checksum);
}
