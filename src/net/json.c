#include "net/json.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct json {
  yajl_handle yajl;
  const struct json_events *events;
  void *arg;
  size_t depth;
  uint64_t arrays; /* bit n: the container that n others hold is an array */
  size_t quiet;    /* bytes since the last callback */
  bool skip;       /* the value that comes next is of no interest */
  size_t skipped;  /* open containers of no interest */
  bool too_deep;
  const unsigned char *fed; /* what the parser reads now */
  size_t nfed;
  unsigned char tail[2]; /* the last bytes fed that are not blank */
  const char *word;      /* a NaN or Infinity that is on its way, or NULL */
  size_t met;            /* letters of it that have come */
};

/* ---- the parser's callbacks --------------------------------------------- */

/* Is the value that comes now of no interest? */
static bool skips(struct json *j) {
  bool skip = j->skip || j->skipped > 0;
  j->skip = false;
  return skip;
}

static int scalar(struct json *j, enum cell_kind kind, const char *text,
                  size_t len) {
  j->quiet = 0;
  return skips(j) ? JSON_GO_ON : j->events->scalar(j->arg, kind, text, len);
}

static int on_null(void *ctx) {
  struct json *j = ctx;
  if (j->word != NULL) /* the null stands for it */
    return scalar(j, CELL_NUMBER, j->word, strlen(j->word));
  return scalar(j, CELL_NULL, "", 0);
}

static int on_boolean(void *ctx, int value) {
  return scalar(ctx, value ? CELL_TRUE : CELL_FALSE, "", 0);
}

static int on_number(void *ctx, const char *text, size_t len) {
  return scalar(ctx, CELL_NUMBER, text, len);
}

static int on_string(void *ctx, const unsigned char *text, size_t len) {
  return scalar(ctx, CELL_STRING, (const char *)text, len);
}

static int on_key(void *ctx, const unsigned char *text, size_t len) {
  struct json *j = ctx;
  j->quiet = 0;
  if (j->skipped > 0)
    return JSON_GO_ON;
  enum json_verdict verdict = j->events->key(j->arg, (const char *)text, len);
  j->skip = verdict == JSON_SKIP;
  return verdict;
}

static int open_container(struct json *j, bool array) {
  j->quiet = 0;
  if (j->depth == JSON_DEPTH) {
    j->too_deep = true;
    return JSON_STOP;
  }
  uint64_t bit = UINT64_C(1) << j->depth++;
  j->arrays = array ? j->arrays | bit : j->arrays & ~bit;
  enum json_verdict verdict =
      skips(j) ? JSON_SKIP : j->events->open(j->arg, array);
  j->skipped += verdict == JSON_SKIP;
  return verdict;
}

static int on_start_map(void *ctx) { return open_container(ctx, false); }
static int on_start_array(void *ctx) { return open_container(ctx, true); }

static int on_end(void *ctx) {
  struct json *j = ctx;
  j->quiet = 0;
  j->depth--;
  if (j->skipped == 0)
    return j->events->close(j->arg);
  j->skipped--;
  return JSON_GO_ON;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

static int new_parser(struct json *j, struct error *err) {
  if (j->yajl != NULL)
    yajl_free(j->yajl);
  j->yajl = yajl_alloc(&callbacks, NULL, j);
  if (j->yajl == NULL)
    return error_memory(err);
  /* One name that is not UTF-8 must cost one name, not the page. */
  yajl_config(j->yajl, yajl_dont_validate_strings, 1);
  return 0;
}

/* ---- NaN and Infinity --------------------------------------------------- */
/* The parser stops at the word's first letter, for good. So it is made anew,
 * the open containers are opened for it again, and a null stands for the word.
 * What has none of these words pays nothing. */

static bool is_array(const struct json *j, size_t container) {
  return (j->arrays >> container & 1) != 0;
}

static bool is_blank(unsigned char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void remember_tail(struct json *j, const unsigned char *data,
                          size_t len) {
  unsigned char found[2];
  size_t n = 0;
  while (len > 0 && n < 2)
    if (!is_blank(data[--len]))
      found[n++] = data[len];
  if (n > 0) {
    j->tail[0] = n == 2 ? found[1] : j->tail[1];
    j->tail[1] = found[0];
  }
}

/* May a value follow what has been fed? A '-' belongs to an Infinity. */
static bool value_may_follow(const struct json *j, bool minus) {
  unsigned char c = j->tail[minus ? 0 : 1];
  if (j->depth == 0)
    return false;
  return is_array(j, j->depth - 1) ? c == '[' || c == ',' : c == ':';
}

/* Has the parser stopped at a letter? A comma or bracket too many, which it
 * counts as read, may stand in front of a word as well. */
static bool stopped_at_letter(const struct json *j) {
  static const char lexical[] = "lexical error";
  unsigned char *text = yajl_get_error(j->yajl, 0, NULL, 0);
  bool at_letter = text != NULL && strncmp((const char *)text, lexical,
                                           sizeof(lexical) - 1) == 0;
  yajl_free_error(j->yajl, text);
  return at_letter;
}

/* The parser has stopped in this piece. At which byte of it a word begins, or
 * `len`. yajl counts an 'N' or 'I' as read, but not the 'I' behind a '-'. */
static size_t find_word(struct json *j, const unsigned char *data, size_t len) {
  size_t used = yajl_get_bytes_consumed(j->yajl);
  if (used > 0 && (data[used - 1] == 'N' || data[used - 1] == 'I'))
    used--;
  if (used >= len || !stopped_at_letter(j))
    return len;
  remember_tail(j, data, used);
  bool minus = data[used] == 'I' && j->tail[1] == '-';
  if ((data[used] != 'N' && data[used] != 'I') || !value_may_follow(j, minus))
    return len;
  j->word = data[used] == 'N' ? "NaN" : "Infinity";
  j->met = 0;
  return used;
}

static yajl_status parse_text(struct json *j, const char *text) {
  return yajl_parse(j->yajl, (const unsigned char *)text, strlen(text));
}

/* A null for the word, which has come to its end. */
static int replace_word(struct json *j, struct error *err) {
  const struct json before = *j;
  if (new_parser(j, err) != 0)
    return -1;
  j->depth = 0;
  j->skipped = 1; /* these have been reported */
  for (size_t i = 0; i < before.depth; i++)
    parse_text(j, is_array(j, i) ? "[" : "{\"\":");
  j->skip = before.skip;
  j->skipped = before.skipped;
  yajl_status status = parse_text(j, "null");
  j->word = NULL;
  return status == yajl_status_ok ? 0 : -1;
}

/* ---- life cycle --------------------------------------------------------- */

struct json *json_new(const struct json_events *events, void *arg) {
  struct json *j = calloc(1, sizeof(*j));
  if (j == NULL)
    return NULL;
  j->events = events;
  j->arg = arg;
  return j;
}

void json_free(struct json *j) {
  if (j == NULL)
    return;
  if (j->yajl != NULL)
    yajl_free(j->yajl);
  free(j);
}

int json_begin(struct json *j, struct error *err) {
  j->depth = j->quiet = j->skipped = 0;
  j->skip = j->too_deep = false;
  j->word = NULL;
  j->tail[0] = j->tail[1] = '\0';
  return new_parser(j, err);
}

static int parse_error(struct json *j, struct error *err) {
  unsigned char *why = yajl_get_error(j->yajl, 0, NULL, 0);
  char line[160] = "";
  if (why != NULL)
    text_one_line(line, sizeof(line), (char *)why, strlen((char *)why));
  yajl_free_error(j->yajl, why);
  return error_set(err, ERROR_PARSE, "the answer is not valid JSON: %s", line);
}

/* How many bytes of the piece were read, or -1. Up to a word, if there is one.
 */
static ssize_t feed_text(struct json *j, const unsigned char *data, size_t len,
                         struct error *err) {
  j->fed = data;
  j->nfed = len;
  yajl_status status = yajl_parse(j->yajl, data, len);
  j->nfed = 0;
  if (j->too_deep)
    return error_set(err, ERROR_LIMIT, "JSON nested deeper than %d",
                     JSON_DEPTH);
  if (status == yajl_status_client_canceled)
    return -1;
  if (status != yajl_status_ok) {
    size_t used = find_word(j, data, len);
    return used < len ? (ssize_t)used : parse_error(j, err);
  }
  remember_tail(j, data, len);
  j->quiet += len;
  if (j->quiet > JSON_TOKEN)
    return error_set(err, ERROR_LIMIT, "one JSON string of over %d KiB",
                     JSON_TOKEN / 1024);
  return (ssize_t)len;
}

/* The same of a word. */
static ssize_t feed_word(struct json *j, const unsigned char *data, size_t len,
                         struct error *err) {
  size_t n = 0;
  while (n < len && j->word[j->met] != '\0' &&
         data[n] == (unsigned char)j->word[j->met]) {
    j->met++;
    n++;
  }
  if (j->word[j->met] == '\0')
    return replace_word(j, err) == 0 ? (ssize_t)n : -1;
  return n == len ? (ssize_t)n : parse_error(j, err);
}

int json_feed(struct json *j, const void *data, size_t len, struct error *err) {
  /* In pieces, since a callback cannot say where in its piece it came: `quiet`
   * may count a piece too much, but not an answer too much. */
  const size_t most = 64 * 1024;
  const unsigned char *at = data;
  while (len > 0) {
    size_t n = len < most ? len : most;
    ssize_t used =
        j->word != NULL ? feed_word(j, at, n, err) : feed_text(j, at, n, err);
    if (used < 0)
      return -1;
    at += used;
    len -= (size_t)used;
  }
  return 0;
}

size_t json_from(const struct json *j, const char *text) {
  size_t at = (size_t)((uintptr_t)text - (uintptr_t)j->fed);
  return at < j->nfed ? j->nfed - at : 0;
}

bool json_finish(struct json *j) {
  return j->word == NULL && yajl_complete_parse(j->yajl) == yajl_status_ok;
}
