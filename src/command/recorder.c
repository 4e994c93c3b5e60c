#include "command/recorder.h"

#include "base/secret.h"
#include "command/json_writer.h"
#include "command/recording.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)16 * 1024)

/* An exchange in the index. */
struct entry {
  const char *cloud;
  char *method, *url;
  long status;
};

struct recorder {
  int folder;
  struct scrub *scrub;
  struct tape tape;
  int64_t wall_ms;
  const char *cloud;
  struct entry *entries;
  size_t n;
  struct error error; /* the first; ERROR_NONE: all is written */
};

/* ---- the folder ---------------------------------------------------------- */

static int check_empty(int folder, const char *path, struct error *err) {
  int copy = dup(folder);
  DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
  const struct dirent *entry;
  bool empty = dir != NULL;
  if (dir == NULL && copy >= 0)
    close(copy);
  while (empty && (entry = readdir(dir)) != NULL)
    empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
  if (dir != NULL)
    closedir(dir);
  return empty ? 0
               : error_set(err, ERROR_CONFIG,
                           "%s is not empty: name a new folder", path);
}

static int open_folder(const char *path, struct error *err) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST)
    return error_set(err, ERROR_CONFIG, "%s cannot be made: %m", path);
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return error_set(err, ERROR_CONFIG, "%s cannot be opened: %m", path);
  if (check_empty(folder, path, err) == 0) {
    (void)fchmod(folder, 0700); /* the files are 0600 in any case */
    return folder;
  }
  close(folder);
  return -1;
}

FILE *recorder_file(struct recorder *r, const char *name, struct error *err) {
  int file = openat(r->folder, name,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  FILE *out = file >= 0 ? fdopen(file, "w") : NULL;
  if (out == NULL) {
    error_set(err, ERROR_CONFIG, "%s cannot be written: %m", name);
    if (file >= 0)
      close(file);
  }
  return out;
}

static int end_file(FILE *out, const char *name, struct error *err) {
  bool good = !ferror(out);
  good = fclose(out) == 0 && good;
  return good ? 0
              : error_set(err, ERROR_CONFIG, "%s cannot be written: %m", name);
}

/* ---- an exchange --------------------------------------------------------- */

static void put_scrubbed(struct json_writer *w, const char *key, char *text) {
  json_writer_text(w, key, text);
  secret_free(text);
}

static void put_header(const struct recorder *r, struct json_writer *w,
                       const char *line) {
  char *other = scrub_header(r->scrub, line);
  if (other != NULL)
    json_writer_scalar(w, CELL_STRING, other, strlen(other));
  secret_free(other);
}

/* Line by line; one without an end is cut, since a reader has a limit. */
static void put_pieces(struct json_writer *w, const char *key,
                       const char *text) {
  json_writer_open_in(w, key, true);
  while (*text != '\0') {
    size_t len = strcspn(text, "\n");
    len = len < PIECE ? len + (text[len] == '\n') : PIECE;
    json_writer_scalar(w, CELL_STRING, text, len);
    text += len;
  }
  json_writer_close(w);
}

/* As JSON, if it is that from end to end; else as the text that it is. */
static void put_body(const struct recorder *r, struct json_writer *w,
                     const char *prefix, const char *data, size_t len) {
  char key[40];
  char *json = scrub_json(r->scrub, data, len);
  if (json != NULL) {
    snprintf(key, sizeof(key), "%sjson", prefix);
    json_writer_key(w, key, strlen(key));
    json_writer_scalar(w, CELL_NUMBER, json, strlen(json)); /* as it is */
  } else {
    char *text = scrub_body(r->scrub, data, len);
    snprintf(key, sizeof(key), "%stext", prefix);
    put_pieces(w, key, text != NULL ? text : "");
    secret_free(text);
  }
  secret_free(json);
}

static void put_request(const struct recorder *r, struct json_writer *w,
                        const struct http_request *request) {
  json_writer_text(w, "cloud", r->cloud);
  json_writer_text(w, "method", request->method);
  put_scrubbed(w, "url", scrub_url(r->scrub, request->url));
  json_writer_open_in(w, "request_headers", true);
  for (size_t i = 0; i < HTTP_HEADERS && request->headers[i] != NULL; i++)
    put_header(r, w, request->headers[i]);
  json_writer_close(w);
  if (request->body != NULL)
    put_body(r, w, "request_", request->body, strlen(request->body));
}

static void put_ending(const struct recorder *r, struct json_writer *w,
                       const struct exchange *x) {
  const struct http_ending *e = &x->ending;
  json_writer_number(w, "status", (double)e->status);
  json_writer_number(w, "seconds", e->seconds);
  if (!x->open)
    json_writer_number(w, "ended_ms", (double)(x->ended_ms - TAPE_START_MS));
  json_writer_number(w, "sends", (double)x->sends);
  json_writer_number(w, "bytes", (double)x->bytes);
  if (e->retry_after_ms > 0)
    json_writer_number(w, "retry_after_ms", (double)e->retry_after_ms);
  if (e->reached)
    json_writer_number(w, "reached", 1);
  if (e->refused)
    json_writer_number(w, "refused", 1);
  if (x->open)
    json_writer_text(w, "error", "deadline");
  else if (e->error.code != ERROR_NONE)
    json_writer_text(w, "error",
                     e->error.code == ERROR_LIMIT ? "limit"
                     : e->cut_short               ? "cut"
                                                  : "transport");
  if (!x->open && e->error.code != ERROR_NONE) {
    json_writer_number(w, "error_detail", e->error.detail);
    /* It may name hosts, in words that no disguise reads. */
    put_scrubbed(
        w, "error_text",
        r->scrub->disguise != NULL
            ? strdup(SCRUBBED)
            : scrub_text(r->scrub, e->error.text, strlen(e->error.text)));
  }
}

static void put_exchange(const struct recorder *r, FILE *out,
                         const struct http_request *request,
                         const struct exchange *x) {
  struct json_writer w = {.out = out, .lines = true};
  json_writer_open(&w, false);
  put_request(r, &w, request);
  put_ending(r, &w, x);
  json_writer_open_in(&w, "headers", true);
  for (size_t i = 0; i < x->head.n; i++)
    put_header(r, &w, x->head.items[i]);
  json_writer_close(&w);
  if (x->nbody > 0 && memmem(x->body, x->nbody, "\": ", 3) == NULL)
    json_writer_number(&w, "compact", 1); /* some of it goes into messages */
  if (x->nbody > 0)
    put_body(r, &w, "", x->body, x->nbody);
  json_writer_close(&w);
  fputc('\n', out);
}

/* The tokens that go to and fro, and what the request logs in with. False:
 * memory, and then nothing may be written. */
static bool learn(struct scrub *scrub, const struct http_request *request,
                  const struct exchange *x) {
  static const char name[] = "x-subject-token:";
  const char *key = request->sigv4_user_key;
  const char *colon = key != NULL ? strchr(key, ':') : NULL;
  if (!scrub_learn(scrub, request->secret) ||
      !scrub_learn(scrub, colon != NULL ? colon + 1 : NULL))
    return false;
  for (size_t i = 0; i < x->head.n; i++) {
    const char *line = x->head.items[i];
    if (strncasecmp(line, name, sizeof(name) - 1) != 0)
      continue;
    line += sizeof(name) - 1;
    if (!scrub_learn(scrub, line + strspn(line, " \t")))
      return false;
  }
  return true;
}

/* Of projects or domains, which a configuration may choose by pattern. */
static bool lists_names(const char *url) {
  return strstr(url, "/projects") != NULL || strstr(url, "/domains") != NULL ||
         strstr(url, "/auth/") != NULL;
}

static void keep_exchange(void *arg, const struct http_request *request,
                          const struct exchange *x) {
  struct recorder *r = arg;
  char name[RECORDING_FILE];
  if (r->error.code != ERROR_NONE)
    return;
  struct entry *grown = realloc(r->entries, (r->n + 1) * sizeof(*grown));
  if (grown != NULL)
    r->entries = grown;
  if (grown == NULL || !learn(r->scrub, request, x)) {
    error_memory(&r->error);
    return;
  }
  if (r->scrub->disguise != NULL) {
    disguise_collect(r->scrub->disguise, lists_names(request->url));
    disguise_open_records(r->scrub->disguise,
                          strstr(request->url, "/images") != NULL);
  }
  grown[r->n++] = (struct entry){.cloud = r->cloud,
                                 .method = strdup(request->method),
                                 .url = scrub_url(r->scrub, request->url),
                                 .status = x->ending.status};
  snprintf(name, sizeof(name), "%06zu.json", r->n);
  FILE *out = recorder_file(r, name, &r->error);
  if (out == NULL)
    return;
  put_exchange(r, out, request, x);
  end_file(out, name, &r->error);
}

/* ---- the recording ------------------------------------------------------- */

struct recorder *recorder_new(const char *folder, struct scrub *scrub,
                              int64_t wall_ms, struct error *err) {
  struct recorder *r = calloc(1, sizeof(*r));
  if (r == NULL) {
    error_memory(err);
    return NULL;
  }
  *r = (struct recorder){.folder = open_folder(folder, err),
                         .scrub = scrub,
                         .tape = {.keep = keep_exchange, .arg = r},
                         .wall_ms = wall_ms};
  if (r->folder >= 0)
    return r;
  free(r);
  return NULL;
}

void recorder_free(struct recorder *r) {
  if (r == NULL)
    return;
  for (size_t i = 0; i < r->n; i++) {
    free(r->entries[i].method);
    free(r->entries[i].url);
  }
  free(r->entries);
  close(r->folder);
  free(r);
}

void recorder_cloud(struct recorder *r, const char *name) { r->cloud = name; }

const struct tape *recorder_tape(const struct recorder *r) { return &r->tape; }

static void put_index(const struct recorder *r, FILE *out) {
  struct json_writer w = {.out = out, .lines = true};
  json_writer_open(&w, false);
  json_writer_number(&w, "recording", RECORDING_FORMAT);
  json_writer_text(&w, "program",
                   "collectd-openstack " OPENSTACK_PLUGIN_VERSION);
  json_writer_number(&w, "time_ms", (double)r->wall_ms);
  json_writer_key(&w, "anonymous", strlen("anonymous"));
  json_writer_scalar(&w, r->scrub->disguise != NULL ? CELL_TRUE : CELL_FALSE,
                     "", 0);
  json_writer_open_in(&w, "exchanges", true);
  for (size_t i = 0; i < r->n; i++) {
    const struct entry *entry = &r->entries[i];
    char name[RECORDING_FILE];
    snprintf(name, sizeof(name), "%06zu.json", i + 1);
    json_writer_open(&w, false);
    json_writer_text(&w, "file", name);
    json_writer_text(&w, "cloud", entry->cloud);
    json_writer_text(&w, "method", entry->method);
    json_writer_text(&w, "url", entry->url);
    json_writer_number(&w, "status", (double)entry->status);
    json_writer_close(&w);
  }
  json_writer_close(&w);
  json_writer_close(&w);
  fputc('\n', out);
}

long recorder_finish(struct recorder *r, struct error *err) {
  FILE *out = NULL;
  if (r->error.code == ERROR_NONE)
    out = recorder_file(r, RECORDING_INDEX, &r->error);
  if (out != NULL) {
    put_index(r, out);
    end_file(out, RECORDING_INDEX, &r->error);
  }
  if (r->error.code == ERROR_NONE)
    return (long)r->n;
  *err = r->error;
  return -1;
}
