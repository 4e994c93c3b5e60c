#include "etcd/quorum.h"

#include "base/clock.h"
#include "base/text.h"
#include "etcd/ask.h"
#include "net/extract.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- one question to all ------------------------------------------------- */

/* A status that is asked at one endpoint. */
struct asking {
  struct etcd_reply reply;
  struct error error; /* of its JSON */
  char *url;
};

struct round {
  struct etcd *etcd;
  struct asking *askings;
  size_t next;
  struct etcd_status *statuses;
};

static int on_body(void *arg, const void *data, size_t len) {
  struct asking *asking = arg;
  struct extract *extract = asking->reply.reader.extract;
  return extract_feed(extract, data, len, &asking->error);
}

static bool next_status(void *arg, struct http_request *ret, int64_t *at_ms) {
  struct round *round = arg;
  (void)at_ms;
  if (round->next == round->etcd->nendpoints)
    return false;
  struct asking *asking = &round->askings[round->next++];
  *ret = (struct http_request){.method = "POST",
                               .url = asking->url,
                               .headers = {"Content-Type: application/json"},
                               .body = "{}",
                               .on_body = on_body,
                               .arg = asking};
  return true;
}

static void status_done(void *arg, const struct http_request *request,
                        const struct http_reply *http) {
  struct round *round = arg;
  struct asking *asking = request->arg;
  size_t i = (size_t)(asking - round->askings);
  struct etcd_status *status = &round->statuses[i];
  struct etcd_endpoint *endpoint = &round->etcd->endpoints[i];
  struct extract *extract = asking->reply.reader.extract;
  struct error err;
  bool whole = http->error.code == ERROR_NONE && http->status == 200 &&
               extract_finish(extract, &err) == 0 &&
               etcd_reply_check(&asking->reply, &err) == 0;
  if (whole) {
    endpoint->member = asking->reply.member;
    text_copy(round->etcd->version, sizeof(round->etcd->version),
              asking->reply.version);
  }
  status->member = endpoint->member;
  if (whole)
    status->health = asking->reply.has_leader ? ETCD_LED : ETCD_LEADERLESS;
  else if (http->refused)
    status->health = ETCD_REFUSES;
}

static int prepare(struct round *round, struct error *err) {
  struct etcd *etcd = round->etcd;
  round->askings = calloc(etcd->nendpoints, sizeof(*round->askings));
  for (size_t i = 0; round->askings != NULL && i < etcd->nendpoints; i++) {
    struct asking *asking = &round->askings[i];
    round->statuses[i] =
        (struct etcd_status){.member = etcd->endpoints[i].member};
    asking->url =
        text_printf("%s/v3/maintenance/status", etcd->endpoints[i].url);
    struct extract *extract =
        extract_new(etcd_groups, ETCD_GROUPS, &asking->reply, err);
    asking->reply.reader.extract = extract;
    if (extract == NULL || extract_begin(extract, err) != 0)
      return -1;
    if (asking->url == NULL)
      return error_memory(err);
  }
  return round->askings != NULL ? 0 : error_memory(err);
}

int etcd_ask_all(struct etcd *etcd, struct etcd_status *ret,
                 struct error *err) {
  struct round round = {.etcd = etcd, .statuses = ret};
  const struct http_work work = {
      .next = next_status, .done = status_done, .arg = &round};
  struct error why = {.code = ERROR_NONE};
  int status = prepare(&round, err);
  if (status == 0 &&
      http_run(etcd->http, &work, clock_ms() + ETCD_STATUS_MS, &why) != 0 &&
      why.code != ERROR_DEADLINE) {
    *err = why;
    status = -1;
  }
  for (size_t i = 0; round.askings != NULL && i < etcd->nendpoints; i++) {
    extract_free(round.askings[i].reply.reader.extract);
    etcd_reply_clear(&round.askings[i].reply);
    free(round.askings[i].url);
  }
  free(round.askings);
  return status;
}

/* ---- members ------------------------------------------------------------- */

/* Does the list, with ',' between, name this URL? */
static bool names(const char *urls, const char *url) {
  for (;;) {
    size_t len = strcspn(urls, ",");
    size_t bare = len > 0 && urls[len - 1] == '/' ? len - 1 : len;
    if (strlen(url) == bare && strncasecmp(urls, url, bare) == 0)
      return true;
    if (urls[len] == '\0')
      return false;
    urls += len + 1;
  }
}

/* An endpoint that was down since we began is known by what it advertises. */
static void on_member(void *arg, uint64_t member, const char *urls) {
  struct etcd *etcd = arg;
  for (size_t i = 0; i < etcd->nendpoints; i++) {
    struct etcd_endpoint *endpoint = &etcd->endpoints[i];
    if (endpoint->member == 0 && names(urls, endpoint->url))
      endpoint->member = member;
  }
}

int etcd_members(struct etcd *etcd, size_t *ret, struct error *err) {
  struct etcd_post post = {.path = "cluster/member/list",
                           .body = "{}",
                           .reply = {.on_member = on_member, .arg = etcd}};
  int status = etcd_ask(etcd, &post, err);
  if (status == 0 && post.reply.nmembers == 0)
    status = error_set(err, ERROR_PARSE, "etcd names no member");
  if (status == 0)
    *ret = post.reply.nmembers;
  etcd_reply_clear(&post.reply);
  return status;
}

/* ---- the proof ----------------------------------------------------------- */

static bool is_down(const struct etcd_status *status) {
  return status->member != 0 &&
         (status->health == ETCD_REFUSES || status->health == ETCD_LEADERLESS);
}

/* One member may stand behind two names, one of which refuses. */
static bool is_led_elsewhere(const struct etcd_status *statuses, size_t n,
                             uint64_t member) {
  for (size_t i = 0; i < n; i++)
    if (statuses[i].member == member && !is_down(&statuses[i]))
      return true;
  return false;
}

bool etcd_lacks_quorum(const struct etcd_status *statuses, size_t n,
                       size_t nmembers) {
  size_t down = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t member = statuses[i].member;
    bool counted = false;
    for (size_t j = 0; j < i; j++)
      counted = counted || statuses[j].member == member;
    if (!counted && is_down(&statuses[i]) &&
        !is_led_elsewhere(statuses, n, member))
      down++;
  }
  return nmembers > 0 && 2 * down > nmembers;
}
