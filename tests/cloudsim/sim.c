/* The simulator's own pages: /sim/stats, /sim/fault, /sim/expected ... */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cloudsim.h"

enum { PATHS = 2048, RECENT = 8192, SERVICES = 32, STATUSES = 600 };
enum { REQUESTS = 1 << 14, LINE = 1024 };

/* == what happened == */

static struct stats {
  uint64_t requests, tokens, sent, connections;
  uint64_t in_flight, in_flight_max, second_max;
  uint64_t service[SERVICES], status[STATUSES];
  struct {
    char path[120];
    uint64_t count;
  } path[PATHS];
  uint64_t recent[RECENT]; /* ring of times, in ms: the last second */
  size_t recent_first, recent_count;
} stats;
/* A ring of the last requests, as lines of /sim/requests. */
static struct {
  uint64_t count;
  char line[REQUESTS][LINE];
} seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_own(const struct request *req) {
  return strncmp(req->path, "/sim/", 5) == 0;
}

static void count_path(const char *path) {
  uint64_t hash = 0;

  for (const char *p = path; *p != '\0'; p++)
    hash = ident_hash(hash, (unsigned char)*p, 0);
  for (size_t i = 0; i < PATHS; i++) {
    size_t at = (hash + i) % PATHS;
    if (stats.path[at].count == 0)
      snprintf(stats.path[at].path, sizeof(stats.path[at].path), "%s", path);
    if (strncmp(stats.path[at].path, path, sizeof(stats.path[at].path) - 1) ==
        0) {
      stats.path[at].count++;
      return;
    }
  }
}

static uint64_t now_ms(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void keep_line(const struct request *req) {
  char *line = seen.line[seen.count++ % REQUESTS];

  snprintf(line, LINE, "%llu %s %s%s%s", (unsigned long long)now_ms(),
           req->method, req->path, req->query[0] != '\0' ? "?" : "",
           req->query);
}

static void count_second(void) {
  uint64_t ms = now_ms();

  while (stats.recent_count > 0 &&
         (stats.recent[stats.recent_first] + 1000 <= ms ||
          stats.recent_count == RECENT)) {
    stats.recent_first = (stats.recent_first + 1) % RECENT;
    stats.recent_count--;
  }
  stats.recent[(stats.recent_first + stats.recent_count++) % RECENT] = ms;
  if (stats.recent_count > stats.second_max)
    stats.second_max = stats.recent_count;
}

void stats_begin(const struct request *req) {
  if (is_own(req))
    return;
  pthread_mutex_lock(&lock);
  stats.requests++;
  if (++stats.in_flight > stats.in_flight_max)
    stats.in_flight_max = stats.in_flight;
  count_second();
  count_path(req->path);
  keep_line(req);
  pthread_mutex_unlock(&lock);
}

void stats_end(const struct request *req, unsigned status) {
  if (is_own(req))
    return;
  pthread_mutex_lock(&lock);
  stats.in_flight--;
  stats.sent += req->sent;
  if (status < STATUSES)
    stats.status[status]++;
  if (req->service != NULL)
    stats.service[req->service - services]++;
  pthread_mutex_unlock(&lock);
}

void stats_connection(void) {
  pthread_mutex_lock(&lock);
  stats.connections++;
  pthread_mutex_unlock(&lock);
}

void stats_token(void) {
  pthread_mutex_lock(&lock);
  stats.tokens++;
  pthread_mutex_unlock(&lock);
}

static void put_stats(struct buf *out) {
  const char *comma = "";

  buf_format(out,
             "{\"requests\": %llu, \"tokens\": %llu, \"bytes\": %llu, "
             "\"connections\": %llu, \"in_flight\": %llu, \"in_flight_max\": "
             "%llu, \"per_second_max\": %llu, \"services\": {",
             (unsigned long long)stats.requests,
             (unsigned long long)stats.tokens, (unsigned long long)stats.sent,
             (unsigned long long)stats.connections,
             (unsigned long long)stats.in_flight,
             (unsigned long long)stats.in_flight_max,
             (unsigned long long)stats.second_max);
  for (size_t i = 0; i < services_count; i++) {
    buf_format(out, "%s\"%s\": %llu", comma, services[i].type,
               (unsigned long long)stats.service[i]);
    comma = ", ";
  }
  buf_text(out, "}, \"statuses\": {");
  comma = "";
  for (unsigned i = 0; i < STATUSES; i++) {
    if (stats.status[i] == 0)
      continue;
    buf_format(out, "%s\"%u\": %llu", comma, i,
               (unsigned long long)stats.status[i]);
    comma = ", ";
  }
  buf_text(out, "}, \"paths\": {");
  comma = "";
  for (size_t i = 0; i < PATHS; i++) {
    if (stats.path[i].count == 0)
      continue;
    buf_text(out, comma);
    buf_json(out, stats.path[i].path);
    buf_format(out, ": %llu", (unsigned long long)stats.path[i].count);
    comma = ", ";
  }
  buf_text(out, "}}\n");
}

static void put_requests(struct buf *out) {
  uint64_t first = seen.count > REQUESTS ? seen.count - REQUESTS : 0;

  for (uint64_t i = first; i < seen.count; i++) {
    buf_text(out, seen.line[i % REQUESTS]);
    buf_text(out, "\n");
  }
}

/* What is under way stays counted. */
static void zero_stats(void) {
  uint64_t in_flight = stats.in_flight;

  stats = (struct stats){.in_flight = in_flight, .in_flight_max = in_flight};
}

/* == requests == */

static bool set_count(const char *text) {
  char name[64];
  unsigned long long count;
  int row;

  if (sscanf(text, "%63s %llu", name, &count) != 2)
    return false;
  row = collection_find(name);
  if (row >= 0)
    sim.count[row] = count;
  return row >= 0;
}

static bool post(const char *what, const char *text) {
  if (strcmp(what, "fault") == 0)
    return fault_add(text);
  if (strcmp(what, "count") == 0)
    return set_count(text);
  if (strcmp(what, "password") == 0) {
    keystone_password(text);
    return true;
  }
  return false;
}

bool sim_answer(struct request *req, struct reply *reply) {
  const char *what = req->path + 5;

  if (!is_own(req))
    return false;
  reply->status = 200;
  if (strcmp(req->method, "POST") == 0) {
    const char *text = req->upload.data != NULL ? req->upload.data : "";
    reply->status = post(what, text) ? 204 : 400;
  } else if (strcmp(req->method, "DELETE") == 0 && strcmp(what, "fault") == 0) {
    fault_clear();
  } else if (strcmp(what, "expected") == 0) {
    reply_header(reply, "Content-Type", "text/plain; charset=utf-8");
    expected_answer(req, reply);
  } else if (strcmp(what, "requests") == 0) {
    reply_header(reply, "Content-Type", "text/plain; charset=utf-8");
    pthread_mutex_lock(&lock);
    put_requests(&reply->body);
    pthread_mutex_unlock(&lock);
  } else if (strcmp(what, "stats") == 0) {
    reply_header(reply, "Content-Type", "application/json");
    pthread_mutex_lock(&lock);
    if (strcmp(req->method, "DELETE") == 0)
      zero_stats();
    else
      put_stats(&reply->body);
    pthread_mutex_unlock(&lock);
  } else {
    reply->status = 404;
  }
  return true;
}
