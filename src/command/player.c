#include "command/player.h"

#include "base/text.h"
#include "command/played.h"
#include "command/recording.h"
#include "command/scrub.h"
#include "report/log.h"

#include <stdlib.h>
#include <string.h>

/* One of the recording's exchanges, without its answer. */
struct known {
  struct played played;
  bool used;
};

struct player {
  char *folder;
  struct tape tape;
  struct played_index index;
  struct known *known; /* one for each file of the index */
  size_t first;        /* of them that is not used */
  const char *cloud;
};

static char *path_of(const struct player *p, const char *name) {
  return text_printf("%s/%s", p->folder, name);
}

/* A request as a recording has it. */
static int as_recorded(const struct player *p,
                       const struct http_request *request, struct played *ret,
                       struct error *err) {
  const struct scrub scrub = {.disguise = NULL};
  *ret = (struct played){.cloud = strdup(p->cloud),
                         .method = strdup(request->method),
                         .url = scrub_url(&scrub, request->url)};
  bool lost = ret->cloud == NULL || ret->method == NULL || ret->url == NULL;
  for (size_t i = 0; i < HTTP_HEADERS && request->headers[i] != NULL; i++) {
    char *line = scrub_header(&scrub, request->headers[i]);
    if (line == NULL || !text_list_add(&ret->headers, line)) {
      free(line);
      lost = true;
    }
  }
  return lost ? error_memory(err) : 0;
}

static bool is_same(const struct played *a, const struct played *b) {
  if (b->url == NULL || strcmp(a->url, b->url) != 0 ||
      strcmp(a->cloud, b->cloud) != 0 || strcmp(a->method, b->method) != 0 ||
      a->headers.n != b->headers.n)
    return false;
  for (size_t i = 0; i < a->headers.n; i++)
    if (strcmp(a->headers.items[i], b->headers.items[i]) != 0)
      return false;
  return true;
}

/* With its answer, which is read again. */
static int read_exchange(const struct player *p, size_t i, struct exchange *ret,
                         struct error *err) {
  struct played played = {.cloud = NULL};
  char *path = path_of(p, p->index.files.items[i]);
  if (path == NULL)
    return error_memory(err);
  int status = played_read(path, &played, err);
  free(path);
  if (status == 0) {
    *ret = played.exchange;
    ret->order = i;
    played.exchange = (struct exchange){.sends = 0};
  } else {
    err->code = ERROR_TRANSPORT;
  }
  played_clear(&played);
  return status;
}

/* The row of the first that fits; or how many there are: none does. */
static size_t find_row(struct player *p, const struct played *wanted,
                       bool *ret_used) {
  size_t i = p->first;
  while (p->first < p->index.files.n && p->known[p->first].used)
    p->first++;
  *ret_used = false;
  for (; i < p->index.files.n; i++) {
    bool same = is_same(wanted, &p->known[i].played);
    *ret_used = *ret_used || (same && p->known[i].used);
    if (same && !p->known[i].used)
      break;
  }
  return i;
}

static int find_exchange(void *arg, const struct http_request *request,
                         struct exchange *ret, struct error *err) {
  struct player *p = arg;
  struct played wanted;
  bool used = false;
  int status = as_recorded(p, request, &wanted, err);
  size_t i = status == 0 ? find_row(p, &wanted, &used) : 0;
  if (status == 0 && i == p->index.files.n) {
    status = error_set(err, ERROR_TRANSPORT, "%s %s was not recorded%s",
                       request->method, wanted.url,
                       used ? " as often as it is asked now" : "");
  } else if (status == 0) {
    p->known[i].used = true;
    status = read_exchange(p, i, ret, err);
  }
  played_clear(&wanted);
  return status;
}

/* What it is of; the answers, which may be large, are left in their files. */
static void read_known(struct player *p, size_t i) {
  struct error err;
  char *path = path_of(p, p->index.files.items[i]);
  struct played *played = &p->known[i].played;
  if (path == NULL || played_read(path, played, &err) != 0)
    log_warning("recording: %s: what was asked there has no answer",
                path != NULL ? err.text : "out of memory");
  exchange_clear(&played->exchange);
  free(path);
}

static int read_index(struct player *p, struct error *err) {
  char *path = path_of(p, RECORDING_INDEX);
  if (path == NULL)
    return error_memory(err);
  int status = played_index_read(path, &p->index, err);
  free(path);
  if (status != 0)
    return error_wrap(err, "no whole recording");
  p->known = calloc(p->index.files.n + 1, sizeof(*p->known));
  return p->known != NULL ? 0 : error_memory(err);
}

struct player *player_new(const char *folder, struct error *err) {
  struct player *p = calloc(1, sizeof(*p));
  if (p == NULL) {
    error_memory(err);
    return NULL;
  }
  *p = (struct player){.folder = strdup(folder),
                       .tape = {.find = find_exchange, .arg = p}};
  if (p->folder == NULL || read_index(p, err) != 0) {
    player_free(p);
    return NULL;
  }
  for (size_t i = 0; i < p->index.files.n; i++)
    read_known(p, i);
  return p;
}

void player_free(struct player *p) {
  if (p == NULL)
    return;
  for (size_t i = 0; p->known != NULL && i < p->index.files.n; i++)
    played_clear(&p->known[i].played);
  free(p->known);
  text_list_clear(&p->index.files);
  free(p->folder);
  free(p);
}

void player_cloud(struct player *p, const char *name) { p->cloud = name; }

const struct tape *player_tape(const struct player *p) { return &p->tape; }

int64_t player_wall_ms(const struct player *p) { return p->index.wall_ms; }
