#include "command/played.h"

#include "base/file.h"
#include "command/json_writer.h"
#include "command/recording.h"
#include "net/json.h"
#include "net/tape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A body of 128 MiB, with a blank or two for each byte of it. */
#define FILE_MOST ((size_t)512 << 20)
#define LINE_MOST (2 * HTTP_HEADER_LIMIT) /* libcurl's are shorter */
#define EXCHANGES_MOST 1000000
#define TIME_MOST 1e13 /* milliseconds: some 300 years */

void played_clear(struct played *p) {
  free(p->cloud);
  free(p->method);
  free(p->url);
  text_list_clear(&p->headers);
  exchange_clear(&p->exchange);
  *p = (struct played){.cloud = NULL};
}

/* ---- a file ---------------------------------------------------------------
 */

/* An archive may hold links to what is not the recording's. */
static bool is_link(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static char *read_whole(const char *path, size_t *ret_len, struct error *err) {
  struct stat status;
  struct error why;
  if (is_link(path)) {
    error_set(err, ERROR_CONFIG, "%s is a link", path);
    return NULL;
  }
  FILE *file = file_open(path, &status, &why);
  if (file == NULL) {
    error_set(err, ERROR_CONFIG, "%s %s", path, why.text);
    return NULL;
  }
  size_t size = (size_t)status.st_size;
  char *text = size <= FILE_MOST ? malloc(size + 1) : NULL;
  if (text == NULL) {
    error_set(err, ERROR_CONFIG, "%s is too large", path);
  } else {
    *ret_len = fread(text, 1, size, file);
    text[*ret_len] = '\0';
  }
  fclose(file);
  return text;
}

char *played_text(const char *path, struct error *err) {
  size_t len = 0;
  char *text = read_whole(path, &len, err);
  if (text == NULL || strlen(text) == len)
    return text;
  error_set(err, ERROR_CONFIG, "%s has a NUL byte", path);
  free(text);
  return NULL;
}

/* What reads one file: flat, but for its lists and the body. */
struct reading {
  struct played *played;
  struct played_index *index;
  size_t depth;
  char key[32];               /* at the root */
  char member[32];            /* of an object in a list */
  struct json_writer *writer; /* of the body, while it is read; or NULL */
  struct json_writer body;
  char *json;
  size_t njson;
  const char *wrong; /* what is */
};

static bool is(const struct reading *r, const char *key) {
  return strcmp(r->key, key) == 0;
}

static enum json_verdict refuse(struct reading *r, const char *wrong) {
  r->wrong = wrong;
  return JSON_STOP;
}

static bool is_line(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)text[i] < ' ' && text[i] != '\t')
      return false;
  return true;
}

static enum json_verdict add_to(struct reading *r, struct text_list *list,
                                const char *text, size_t len) {
  if (!is_line(text, len) || len > LINE_MOST)
    return refuse(r, "a header is no line");
  char *copy = strndup(text, len);
  if (copy != NULL && text_list_add(list, copy))
    return JSON_GO_ON;
  free(copy);
  return refuse(r, "out of memory");
}

/* One that recorder.c makes: digits and ".json", and so no path. */
static bool is_file_name(const char *text, size_t len) {
  size_t digits = 0;
  while (digits < len && text[digits] >= '0' && text[digits] <= '9')
    digits++;
  return digits > 0 && digits < 20 && len == digits + 5 &&
         memcmp(text + digits, ".json", 5) == 0;
}

/* Files are listed in their order, and so none of them twice. */
static bool is_behind(const struct text_list *files, const char *text,
                      size_t len) {
  const char *last = files->n > 0 ? files->items[files->n - 1] : "";
  return len > strlen(last) ||
         (len == strlen(last) && memcmp(text, last, len) > 0);
}

static enum json_verdict take_file(struct reading *r, const char *text,
                                   size_t len) {
  if (!is_file_name(text, len))
    return refuse(r, "a file has a name of another kind");
  if (!is_behind(&r->index->files, text, len))
    return refuse(r, "files are not listed in their order, each once");
  if (r->index->files.n == EXCHANGES_MOST)
    return refuse(r, "there are too many exchanges");
  return add_to(r, &r->index->files, text, len);
}

/* ---- texts and numbers ----------------------------------------------------
 */

static enum json_verdict take_text(struct reading *r, const char *text,
                                   size_t len) {
  struct played *p = r->played;
  struct exchange *x = &p->exchange;
  char **to = is(r, "cloud")    ? &p->cloud
              : is(r, "method") ? &p->method
              : is(r, "url")    ? &p->url
                                : NULL;
  if (to != NULL) {
    free(*to);
    *to = strndup(text, len);
  } else if (is(r, "error")) {
    x->open = len == 8 && memcmp(text, "deadline", len) == 0;
    x->ending.cut_short = len == 3 && memcmp(text, "cut", len) == 0;
    x->ending.error.code = len == 5 && memcmp(text, "limit", len) == 0
                               ? ERROR_LIMIT
                               : ERROR_TRANSPORT;
  } else if (is(r, "error_text")) {
    text_one_line(x->ending.error.text, sizeof(x->ending.error.text), text,
                  len);
  }
  return JSON_GO_ON;
}

/* A piece of a body that is no JSON. */
static enum json_verdict take_piece(struct reading *r, const char *text,
                                    size_t len) {
  struct exchange *x = &r->played->exchange;
  uint64_t bytes = x->bytes;
  x->bytes = 0;
  int status = exchange_add(x, text, len);
  x->bytes = bytes;
  return status == 0 ? JSON_GO_ON : refuse(r, "out of memory");
}

static enum json_verdict take_number(struct reading *r, const char *text,
                                     size_t len) {
  struct exchange *x = &r->played->exchange;
  char copy[64];
  snprintf(copy, sizeof(copy), "%.*s", (int)(len < 63 ? len : 63), text);
  double number = strtod(copy, NULL);
  if (!isfinite(number) || number < 0 || number > TIME_MOST)
    return refuse(r, "a number is out of its bounds");
  if (is(r, "status") && number < 1000)
    x->ending.status = (long)number;
  else if (is(r, "seconds"))
    x->ending.seconds = number;
  else if (is(r, "ended_ms"))
    x->ended_ms = TAPE_START_MS + (int64_t)number;
  else if (is(r, "sends") && number <= 2)
    x->sends = (size_t)number;
  else if (is(r, "reached"))
    x->ending.reached = number > 0;
  else if (is(r, "refused"))
    x->ending.refused = number > 0;
  else if (is(r, "compact"))
    r->body.compact = number > 0;
  else if (is(r, "bytes"))
    x->bytes = (uint64_t)number;
  else if (is(r, "retry_after_ms") && number <= 3600000)
    x->ending.retry_after_ms = (int64_t)number;
  else if (is(r, "error_detail") && number < 1000)
    x->ending.error.detail = (int)number;
  return JSON_GO_ON;
}

static enum json_verdict take_of_index(struct reading *r, enum cell_kind kind,
                                       const char *text, size_t len) {
  char copy[64];
  if (r->depth == 3 && is(r, "exchanges") && strcmp(r->member, "file") == 0)
    return kind == CELL_STRING ? take_file(r, text, len)
                               : refuse(r, "a file has no name");
  if (r->depth != 1 || kind != CELL_NUMBER)
    return JSON_GO_ON;
  snprintf(copy, sizeof(copy), "%.*s", (int)(len < 63 ? len : 63), text);
  double number = strtod(copy, NULL);
  if (is(r, "recording") && number != RECORDING_FORMAT)
    return refuse(r, "it is of another version of collectd-openstack");
  if (is(r, "time_ms") && number > 0 && number < TIME_MOST)
    r->index->wall_ms = (int64_t)number;
  return JSON_GO_ON;
}

/* ---- tokens ---------------------------------------------------------------
 */

static enum json_verdict on_open(void *arg, bool array) {
  struct reading *r = arg;
  if (r->writer != NULL)
    json_writer_open(r->writer, array);
  else if (r->depth == 0 && array)
    return refuse(r, "it is no object");
  r->depth++;
  return JSON_GO_ON;
}

static enum json_verdict on_close(void *arg) {
  struct reading *r = arg;
  if (--r->depth > 0 && r->writer != NULL)
    json_writer_close(r->writer);
  return JSON_GO_ON;
}

static enum json_verdict on_key(void *arg, const char *text, size_t len) {
  struct reading *r = arg;
  if (r->writer != NULL && r->depth > 1) {
    json_writer_key(r->writer, text, len);
    return JSON_GO_ON;
  }
  char *to = r->depth == 1 ? r->key : r->member;
  snprintf(to, sizeof(r->key), "%.*s", (int)(len < 31 ? len : 31), text);
  if (r->depth > 1)
    return JSON_GO_ON;
  r->writer = r->played != NULL && is(r, "json") ? &r->body : NULL;
  return is(r, "request_json") ? JSON_SKIP : JSON_GO_ON;
}

static enum json_verdict on_scalar(void *arg, enum cell_kind kind,
                                   const char *text, size_t len) {
  struct reading *r = arg;
  if (r->writer != NULL) {
    json_writer_scalar(r->writer, kind, text, len);
    return JSON_GO_ON;
  }
  if (r->depth == 0)
    return refuse(r, "it is no object");
  if (r->index != NULL)
    return take_of_index(r, kind, text, len);
  if (r->depth == 2 && kind == CELL_STRING && is(r, "request_headers"))
    return add_to(r, &r->played->headers, text, len);
  if (r->depth == 2 && kind == CELL_STRING && is(r, "headers"))
    return add_to(r, &r->played->exchange.head, text, len);
  if (r->depth == 2 && kind == CELL_STRING && is(r, "text"))
    return take_piece(r, text, len);
  if (r->depth == 1 && kind == CELL_STRING)
    return take_text(r, text, len);
  return r->depth == 1 && kind == CELL_NUMBER ? take_number(r, text, len)
                                              : JSON_GO_ON;
}

static const struct json_events events = {
    .open = on_open, .close = on_close, .key = on_key, .scalar = on_scalar};

static int feed(struct json *json, const char *text, size_t len,
                struct error *err) {
  return json_begin(json, err) == 0 ? json_feed(json, text, len, err) : -1;
}

static int read_json(struct reading *r, const char *path, struct error *err) {
  size_t len = 0;
  struct error why = {0};
  char *text = read_whole(path, &len, err);
  struct json *json = text != NULL ? json_new(&events, r) : NULL;
  int status = -1;
  if (text == NULL)
    return -1;
  if (json == NULL)
    error_memory(err);
  else if (feed(json, text, len, &why) != 0 || !json_finish(json))
    error_set(err, ERROR_CONFIG, "%s: %s", path,
              r->wrong != NULL      ? r->wrong
              : why.text[0] != '\0' ? why.text
                                    : "it is no whole JSON");
  else
    status = 0;
  json_free(json);
  free(text);
  return status;
}

/* What was JSON is so again, and as long as it was. */
static int take_json(struct reading *r, const char *path, struct error *err) {
  struct exchange *x = &r->played->exchange;
  uint64_t bytes = x->bytes;
  int status = 0;
  x->bytes = 0;
  if (r->njson > 0 && r->njson <= HTTP_BODY_LIMIT)
    status = exchange_add(x, r->json, r->njson);
  x->bytes = bytes;
  return status == 0
             ? 0
             : error_set(err, ERROR_CONFIG, "%s: the body is too large", path);
}

int played_read(const char *path, struct played *ret, struct error *err) {
  struct reading r = {.played = ret};
  played_clear(ret);
  r.body.out = open_memstream(&r.json, &r.njson);
  if (r.body.out == NULL)
    return error_memory(err);
  int status = read_json(&r, path, err);
  if (fclose(r.body.out) != 0 && status == 0)
    status = error_memory(err);
  if (status == 0)
    status = take_json(&r, path, err);
  free(r.json);
  if (status == 0 &&
      (ret->cloud == NULL || ret->method == NULL || ret->url == NULL))
    status = error_set(err, ERROR_CONFIG, "%s: it has no request", path);
  if (status == 0 && ret->exchange.ended_ms == 0)
    ret->exchange.ended_ms = TAPE_START_MS;
  if (status != 0)
    played_clear(ret);
  return status;
}

int played_index_read(const char *path, struct played_index *ret,
                      struct error *err) {
  struct reading r = {.index = ret};
  *ret = (struct played_index){.wall_ms = 0};
  if (read_json(&r, path, err) != 0)
    return -1;
  return ret->wall_ms > 0
             ? 0
             : error_set(err, ERROR_CONFIG, "%s: it has no time_ms", path);
}
