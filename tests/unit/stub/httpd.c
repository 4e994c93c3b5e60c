#include "httpd.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MOST (256 * 1024)

struct answer {
  struct httpd_answer data; /* its texts are ours */
  unsigned served;
  struct answer *next;
};

struct seen {
  char *method, *target, *headers, *body;
  unsigned connection;
  int64_t at_ms;
};

struct connection {
  struct httpd *httpd;
  pthread_t thread;
  int fd;
  unsigned number;
  bool over;
  struct connection *next;
};

struct httpd {
  int fd;
  char url[64];
  pthread_t thread;
  pthread_mutex_t lock; /* for all below */
  pthread_cond_t change;
  bool stopping;
  struct answer *answers, *forgotten;
  struct connection *connections;
  unsigned nconnections, running, most;
  struct seen **seen;
  size_t nseen;
};

/* ---- sending ------------------------------------------------------------ */

/* Pauses, but not beyond the server's end. False: this is it. */
static bool wait_ms(struct httpd *h, int ms) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += ms / 1000;
  until.tv_nsec += (ms % 1000) * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000L;
  }
  pthread_mutex_lock(&h->lock);
  int status = 0;
  while (!h->stopping && status != ETIMEDOUT)
    status = pthread_cond_timedwait(&h->change, &h->lock, &until);
  bool goes_on = !h->stopping;
  pthread_mutex_unlock(&h->lock);
  return goes_on;
}

static bool send_all(int fd, const void *data, size_t len) {
  const char *at = data;
  while (len > 0) {
    ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    at += n;
    len -= (size_t)n;
  }
  return true;
}

static bool send_piece(int fd, const struct httpd_answer *a, const char *data,
                       size_t len) {
  char size[24];
  if (a->end != HTTPD_CHUNKED)
    return send_all(fd, data, len);
  int n = snprintf(size, sizeof(size), "%zx\r\n", len);
  return send_all(fd, size, (size_t)n) && send_all(fd, data, len) &&
         send_all(fd, "\r\n", 2);
}

static bool send_body(struct connection *c, const struct httpd_answer *a) {
  size_t piece = a->piece > 0 ? a->piece : a->len;
  for (size_t i = 0; a->len > 0 && i < a->repeat; i++) {
    for (size_t at = 0; at < a->len; at += piece) {
      size_t len = a->len - at < piece ? a->len - at : piece;
      if (a->pause_ms > 0 && !wait_ms(c->httpd, a->pause_ms))
        return false;
      if (!send_piece(c->fd, a, a->body + at, len))
        return false;
    }
  }
  return a->end != HTTPD_CHUNKED || send_all(c->fd, "0\r\n\r\n", 5);
}

static bool send_head(struct connection *c, const struct httpd_answer *a) {
  char length[64] = "";
  size_t all = a->len * a->repeat;
  if (a->end == HTTPD_LENGTH || a->end == HTTPD_CUT)
    snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
             a->end == HTTPD_CUT ? all + 1000 : all);
  else if (a->end == HTTPD_CHUNKED)
    snprintf(length, sizeof(length), "Transfer-Encoding: chunked\r\n");
  const char *type = a->type != NULL ? a->type : "application/json";
  char *head = NULL;
  int len = asprintf(&head, "HTTP/1.1 %d Scripted\r\n%s%s%s%s%s%s\r\n",
                     a->status, type[0] != '\0' ? "Content-Type: " : "", type,
                     type[0] != '\0' ? "\r\n" : "", length,
                     a->by_proxy ? "" : "X-Openstack-Request-Id: req-1\r\n",
                     a->headers != NULL ? a->headers : "");
  bool sent = len > 0 && send_all(c->fd, head, (size_t)len);
  free(head);
  return sent;
}

/* True: the connection serves another request. */
/* Before it is sent: who has it may ask again at once. */
static void answered(struct httpd *h) {
  pthread_mutex_lock(&h->lock);
  h->running--;
  pthread_mutex_unlock(&h->lock);
}

static bool send_answer(struct connection *c, const struct httpd_answer *a,
                        bool head_only) {
  bool sent = wait_ms(c->httpd, a->delay_ms);
  answered(c->httpd);
  if (!a->mute)
    sent = sent && send_head(c, a) && (head_only || send_body(c, a));
  else if (a->body != NULL)
    sent = sent && send_all(c->fd, a->body, a->len);
  if (!sent)
    return false;
  if (a->end == HTTPD_HANG)
    while (wait_ms(c->httpd, 1000))
      ;
  if (a->end == HTTPD_RESET) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    wait_ms(c->httpd, 50); /* the body is to arrive first */
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }
  return !a->mute && (a->end == HTTPD_LENGTH || a->end == HTTPD_CHUNKED);
}

/* ---- receiving ---------------------------------------------------------- */

static size_t content_length(const char *headers) {
  const char *at = strcasestr(headers, "\r\nContent-Length:");
  return at != NULL ? strtoul(at + 17, NULL, 10) : 0;
}

/* Head and body of the next request into `buffer`; 0: there is none. */
static size_t receive(int fd, char *buffer) {
  size_t len = 0, all = 0;
  while (all == 0 || len < all) {
    ssize_t n = recv(fd, buffer + len, REQUEST_MOST - 1 - len, 0);
    if (n <= 0)
      return 0;
    len += (size_t)n;
    buffer[len] = '\0';
    char *end = strstr(buffer, "\r\n\r\n");
    if (end != NULL)
      all = (size_t)(end - buffer) + 4 + content_length(buffer);
  }
  return len;
}

static struct seen *write_down(struct connection *c, char *text) {
  struct httpd *h = c->httpd;
  struct seen *seen = calloc(1, sizeof(*seen));
  char *end = strstr(text, "\r\n\r\n");
  end[2] = '\0';
  seen->body = strdup(end + 4);
  char *line = strstr(text, "\r\n");
  seen->headers = strdup(line);
  *line = '\0';
  char *target = strchr(text, ' ');
  *target++ = '\0';
  target[strcspn(target, " ")] = '\0';
  seen->method = strdup(text);
  seen->target = strdup(target);
  seen->connection = c->number;
  seen->at_ms = clock_ms();
  h->seen = realloc(h->seen, (h->nseen + 1) * sizeof(*h->seen));
  h->seen[h->nseen++] = seen;
  if (++h->running > h->most)
    h->most = h->running;
  pthread_cond_broadcast(&h->change);
  return seen;
}

static bool fits(const char *method, const char *target,
                 const struct seen *seen) {
  return (method == NULL || strcmp(method, seen->method) == 0) &&
         (target == NULL || fnmatch(target, seen->target, 0) == 0);
}

static struct answer *find_answer(struct httpd *h, const struct seen *seen) {
  struct answer *a = h->answers;
  for (; a != NULL; a = a->next) {
    const struct httpd_answer *d = &a->data;
    if (fits(d->method, d->target, seen) &&
        (d->times == 0 || a->served < d->times) &&
        (d->need == NULL || strstr(seen->headers, d->need) != NULL))
      break;
  }
  if (a != NULL)
    a->served++;
  return a;
}

static bool serve(struct connection *c, char *text) {
  static const struct httpd_answer none = {
      .status = 404, .type = "text/plain", .body = "?", .len = 1, .repeat = 1};
  struct httpd *h = c->httpd;
  pthread_mutex_lock(&h->lock);
  struct seen *seen = write_down(c, text);
  struct answer *found = find_answer(h, seen);
  struct httpd_answer answer = found != NULL ? found->data : none;
  char *made = NULL;
  if (answer.make != NULL) {
    made = answer.make(answer.arg, seen->target);
    answer.body = made;
    answer.len = strlen(made);
  }
  pthread_mutex_unlock(&h->lock);
  bool more = send_answer(c, &answer, strcmp(seen->method, "HEAD") == 0);
  free(made);
  return more;
}

static void *serve_connection(void *arg) {
  struct connection *c = arg;
  char *buffer = malloc(REQUEST_MOST);
  while (buffer != NULL && receive(c->fd, buffer) > 0 && serve(c, buffer))
    ;
  free(buffer);
  pthread_mutex_lock(&c->httpd->lock);
  close(c->fd);
  c->over = true;
  pthread_mutex_unlock(&c->httpd->lock);
  return NULL;
}

/* ---- connections -------------------------------------------------------- */

/* Joins those that are over, or all. Called with the lock held. */
static void join_connections(struct httpd *h, bool all) {
  for (struct connection **at = &h->connections; *at != NULL;) {
    struct connection *c = *at;
    if (!c->over && !all) {
      at = &c->next;
      continue;
    }
    *at = c->next;
    pthread_mutex_unlock(&h->lock);
    pthread_join(c->thread, NULL);
    free(c);
    pthread_mutex_lock(&h->lock);
    at = &h->connections;
  }
}

static void *accept_connections(void *arg) {
  struct httpd *h = arg;
  for (;;) {
    int fd = accept(h->fd, NULL, NULL);
    pthread_mutex_lock(&h->lock);
    if (fd < 0 || h->stopping)
      break;
    join_connections(h, false);
    int now = 1; /* head and body go out in two: no waiting for an ACK */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
    struct connection *c = calloc(1, sizeof(*c));
    c->httpd = h;
    c->fd = fd;
    c->number = ++h->nconnections;
    c->next = h->connections;
    h->connections = c;
    pthread_create(&c->thread, NULL, serve_connection, c);
    pthread_mutex_unlock(&h->lock);
  }
  pthread_mutex_unlock(&h->lock);
  return NULL;
}

struct httpd *httpd_new(void) {
  struct httpd *h = calloc(1, sizeof(*h));
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof(address);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  pthread_mutex_init(&h->lock, NULL);
  pthread_cond_init(&h->change, NULL);
  h->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (h->fd < 0 || bind(h->fd, (struct sockaddr *)&address, len) != 0 ||
      listen(h->fd, 64) != 0 ||
      getsockname(h->fd, (struct sockaddr *)&address, &len) != 0 ||
      pthread_create(&h->thread, NULL, accept_connections, h) != 0) {
    perror("httpd");
    abort();
  }
  snprintf(h->url, sizeof(h->url), "http://127.0.0.1:%d",
           ntohs(address.sin_port));
  return h;
}

static void free_answers(struct answer *answer) {
  while (answer != NULL) {
    struct answer *next = answer->next;
    free((char *)answer->data.method);
    free((char *)answer->data.target);
    free((char *)answer->data.need);
    free((char *)answer->data.headers);
    free((char *)answer->data.type);
    free((char *)answer->data.body);
    free(answer);
    answer = next;
  }
}

void httpd_free(struct httpd *h) {
  if (h == NULL)
    return;
  pthread_mutex_lock(&h->lock);
  h->stopping = true;
  pthread_cond_broadcast(&h->change);
  shutdown(h->fd, SHUT_RDWR);
  for (struct connection *c = h->connections; c != NULL; c = c->next)
    if (!c->over)
      shutdown(c->fd, SHUT_RDWR);
  pthread_mutex_unlock(&h->lock);
  pthread_join(h->thread, NULL);
  pthread_mutex_lock(&h->lock);
  join_connections(h, true);
  pthread_mutex_unlock(&h->lock);
  close(h->fd);
  free_answers(h->answers);
  free_answers(h->forgotten);
  for (size_t i = 0; i < h->nseen; i++) {
    free(h->seen[i]->method);
    free(h->seen[i]->target);
    free(h->seen[i]->headers);
    free(h->seen[i]->body);
    free(h->seen[i]);
  }
  free(h->seen);
  pthread_cond_destroy(&h->change);
  pthread_mutex_destroy(&h->lock);
  free(h);
}

/* ---- what tests say and ask --------------------------------------------- */

const char *httpd_url(const struct httpd *h) { return h->url; }

static const char *copy(const char *text) {
  return text != NULL ? strdup(text) : NULL;
}

void httpd_add(struct httpd *h, const struct httpd_answer *from) {
  struct answer *answer = calloc(1, sizeof(*answer));
  struct httpd_answer *a = &answer->data;
  *a = *from;
  a->method = copy(from->method);
  a->target = copy(from->target);
  a->need = copy(from->need);
  a->headers = copy(from->headers);
  a->type = copy(from->type);
  if (from->status == 0)
    a->status = 200;
  if (from->repeat == 0)
    a->repeat = 1;
  if (from->len == 0 && from->body != NULL)
    a->len = strlen(from->body);
  a->body = NULL;
  if (a->len > 0) {
    char *body = malloc(a->len);
    memcpy(body, from->body, a->len);
    a->body = body;
  }
  pthread_mutex_lock(&h->lock);
  struct answer **end = &h->answers;
  while (*end != NULL)
    end = &(*end)->next;
  *end = answer;
  pthread_mutex_unlock(&h->lock);
}

void httpd_forget(struct httpd *h) {
  pthread_mutex_lock(&h->lock);
  struct answer **end = &h->forgotten;
  while (*end != NULL)
    end = &(*end)->next;
  *end = h->answers;
  h->answers = NULL;
  pthread_mutex_unlock(&h->lock);
}

size_t httpd_count(struct httpd *h, const char *method, const char *target) {
  size_t n = 0;
  pthread_mutex_lock(&h->lock);
  for (size_t i = 0; i < h->nseen; i++)
    n += fits(method, target, h->seen[i]) ? 1 : 0;
  pthread_mutex_unlock(&h->lock);
  return n;
}

struct httpd_request httpd_get(struct httpd *h, const char *method,
                               const char *target, size_t i) {
  const struct seen *found = NULL;
  pthread_mutex_lock(&h->lock);
  for (size_t k = 0; k < h->nseen && found == NULL; k++)
    if (fits(method, target, h->seen[k]) && i-- == 0)
      found = h->seen[k];
  pthread_mutex_unlock(&h->lock);
  if (found == NULL) {
    fprintf(stderr, "httpd: no such request: %s %s\n", method, target);
    abort();
  }
  return (struct httpd_request){
      .method = found->method,
      .target = found->target,
      .headers = found->headers,
      .body = found->body,
      .connection = found->connection,
      .at_ms = found->at_ms,
  };
}

bool httpd_wait(struct httpd *h, size_t n) {
  for (int i = 0; i < 500; i++) {
    if (httpd_count(h, NULL, NULL) >= n)
      return true;
    wait_ms(h, 10);
  }
  return false;
}

unsigned httpd_connections(struct httpd *h) {
  pthread_mutex_lock(&h->lock);
  unsigned n = h->nconnections;
  pthread_mutex_unlock(&h->lock);
  return n;
}

unsigned httpd_most(struct httpd *h) {
  pthread_mutex_lock(&h->lock);
  unsigned n = h->most;
  pthread_mutex_unlock(&h->lock);
  return n;
}
