/* cloudsim: options, the server, its beginning and its end. */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cloudsim.h"

enum { UPLOAD_MAX = 256 << 10, POOL = 1 << 20, BACKLOG = 1024 };

struct sim sim = {
    .address = "127.0.0.1",
    .seed = 1,
    .token_life = 3600,
    .regions = {"RegionOne"},
    .regions_count = 1,
    .stop_fd = -1,
};

static bool until_eof;

/* == one request == */

static void *request_begin(void *cls, const char *uri,
                           struct MHD_Connection *connection) {
  struct request *req = calloc(1, sizeof(*req));
  char *mark;

  (void)cls;
  if (req == NULL)
    return NULL;
  req->connection = connection;
  req->uri = strdup(uri);
  if (req->uri == NULL) {
    free(req);
    return NULL;
  }
  mark = strchr(req->uri, '?');
  req->path = req->rest = req->uri;
  req->query = "";
  if (mark != NULL) {
    *mark = '\0';
    req->query = mark + 1;
  }
  return req;
}

static void request_end(void *cls, struct MHD_Connection *connection,
                        void **data, enum MHD_RequestTerminationCode why) {
  struct request *req = *data;

  (void)cls;
  (void)connection;
  (void)why;
  if (req == NULL)
    return;
  if (req->begun)
    stats_end(req, req->status);
  buf_clear(&req->upload);
  free(req->uri);
  free(req);
}

static void connection_notice(void *cls, struct MHD_Connection *connection,
                              void **data,
                              enum MHD_ConnectionNotificationCode what) {
  (void)cls;
  (void)connection;
  (void)data;
  if (what == MHD_CONNECTION_NOTIFY_STARTED)
    stats_connection();
}

static bool client_trusted(const struct request *req) {
  const union MHD_ConnectionInfo *info;
  unsigned status = 0;

  if (sim.client_ca == NULL)
    return true;
  info = MHD_get_connection_info(req->connection,
                                 MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info != NULL &&
         gnutls_certificate_verify_peers2(info->tls_session, &status) == 0 &&
         status == 0;
}

/* Faults that need no answer of ours. False: there shall be none at all. */
static bool fault_first(struct request *req) {
  const struct effect *e = &req->effect;

  if (e->expire)
    token_expire_all();
  if (sim.latency_ms + e->latency_ms > 0 &&
      !reply_pause(req, sim.latency_ms + e->latency_ms))
    return false;
  while (e->hang && reply_pause(req, 60000))
    ;
  return !e->hang && !e->empty;
}

static void answer(struct request *req, struct reply *reply) {
  struct reply usual = {0};
  const struct effect *e = &req->effect;

  api_answer(req, &usual);
  if (e->redirect[0] != '\0') {
    reply->status = 302;
    reply_header(reply, "Location", "%s", e->redirect);
  } else if (e->proxy_status > 0) {
    proxy_reply(reply, e->proxy_status);
  } else if (e->status > 0) {
    const struct service *s = req->service;
    error_reply(req, reply, e->status, NULL);
    if (s != NULL && s->version_header != NULL)
      reply_header(reply, s->version_header, "%s%u.%u", s->version_word,
                   s->version_major, req->minor);
  } else {
    *reply = usual;
    return;
  }
  reply_clear(&usual);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *upload,
                              size_t *upload_size, void **data) {
  struct request *req = *data;
  struct reply reply = {0};
  int result;

  (void)cls;
  (void)connection;
  (void)url;
  (void)version;
  if (req == NULL)
    return MHD_NO;
  if (!req->begun) {
    req->begun = true;
    snprintf(req->method, sizeof(req->method), "%s", method);
    stats_begin(req);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    if (req->upload.len + *upload_size > UPLOAD_MAX)
      return MHD_NO;
    buf_add(&req->upload, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  if (!client_trusted(req)) {
    error_reply(req, &reply, 400, "No required SSL certificate was sent");
  } else if (!sim_answer(req, &reply)) {
    fault_match(req->path, &req->effect);
    if (!fault_first(req))
      return MHD_NO;
    answer(req, &reply);
  }
  req->status = reply.status;
  result = reply_send(req, &reply);
  reply_clear(&reply);
  return result == MHD_YES ? MHD_YES : MHD_NO;
}

/* == options == */

static const char usage[] =
    "usage: cloudsim [OPTION VALUE]...\n"
    "  --address 127.0.0.1|::1   --port 0          --seed 1\n"
    "  --COLLECTION N            how many: images, volumes, projects ...\n"
    "  --page N                  most records on one page\n"
    "  --token-life SECONDS      --latency MS      --http keepalive|uwsgi\n"
    "  --password TEXT           of the user collectd; \"secret\"\n"
    "  --regions A,B             --without TYPE,TYPE\n"
    "  --catalog-style prefix|plain|version|slash\n"
    "  --link-base URL           what links of services begin with\n"
    "  --cinder-max-microversion 3.N     --nova-max-microversion 2.N\n"
    "  --tls-cert F --tls-key F [--client-ca F]\n"
    "  --fault \"PATH-PREFIX KIND [ARG] [after=N] [times=N]\"\n"
    "  --gzip                    --until-eof       end when stdin does\n"
    "  --twins                   containers \"... b\" and \"..._b\"\n"
    "  --open-accounts           no project lacks its Swift account\n";

static bool set_style(const char *value) {
  static const char *const names[] = {"prefix", "plain", "version", "slash"};

  for (unsigned i = 0; i < 4; i++) {
    if (strcmp(names[i], value) == 0) {
      sim.style = (enum style)i;
      return true;
    }
  }
  return false;
}

static bool set_regions(char *value) {
  char *save = NULL;

  sim.regions_count = 0;
  for (char *name = strtok_r(value, ",", &save); name != NULL;
       name = strtok_r(NULL, ",", &save)) {
    if (sim.regions_count == REGIONS)
      return false;
    sim.regions[sim.regions_count++] = name;
  }
  return sim.regions_count > 0;
}

static bool set_microversion(unsigned *to, const char *value) {
  const char *dot = strchr(value, '.');

  *to = (unsigned)strtoul(dot != NULL ? dot + 1 : value, NULL, 10);
  return *to > 0;
}

static bool set_http(const char *value) {
  sim.uwsgi = strcmp(value, "uwsgi") == 0;
  return sim.uwsgi || strcmp(value, "keepalive") == 0;
}

/* Options with a text; false: another one. */
static bool set_text(const char *name, const char *value) {
  const struct {
    const char *name, **to;
  } texts[] = {{"address", &sim.address},     {"tls-cert", &sim.tls_cert},
               {"tls-key", &sim.tls_key},     {"client-ca", &sim.client_ca},
               {"link-base", &sim.link_base}, {"without", &sim.without}};

  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    if (strcmp(texts[i].name, name) == 0) {
      *texts[i].to = value;
      return true;
    }
  }
  return false;
}

static bool set_number(const char *name, const char *value) {
  const struct {
    const char *name;
    unsigned *to;
  } numbers[] = {{"port", &sim.port},
                 {"page", &sim.page_cap},
                 {"token-life", &sim.token_life},
                 {"latency", &sim.latency_ms}};
  char *end = NULL;
  unsigned long long number = strtoull(value, &end, 10);
  int row = collection_find(name);

  if (*end != '\0' || end == value)
    return false;
  if (strcmp(name, "seed") == 0)
    sim.seed = number;
  else if (row >= 0)
    sim.count[row] = number;
  else {
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
      if (strcmp(numbers[i].name, name) == 0) {
        *numbers[i].to = (unsigned)number;
        return true;
      }
    }
    return false;
  }
  return true;
}

static bool set_option(const char *name, char *value) {
  if (strcmp(name, "fault") == 0)
    return fault_add(value);
  if (strcmp(name, "regions") == 0)
    return set_regions(value);
  if (strcmp(name, "password") == 0) {
    keystone_password(value);
    return true;
  }
  if (strcmp(name, "catalog-style") == 0)
    return set_style(value);
  if (strcmp(name, "http") == 0)
    return set_http(value);
  if (strcmp(name, "cinder-max-microversion") == 0)
    return set_microversion(&sim.max_minor.cinder, value);
  if (strcmp(name, "nova-max-microversion") == 0)
    return set_microversion(&sim.max_minor.nova, value);
  return set_text(name, value) || set_number(name, value);
}

static bool read_options(int argc, char **argv) {
  apis_init();
  for (size_t i = 0; i < collections_count; i++)
    sim.count[i] = collections[i].count;
  for (int i = 1; i < argc; i++) {
    const char *name = argv[i] + 2;
    if (strncmp(argv[i], "--", 2) != 0)
      return false;
    if (strcmp(name, "until-eof") == 0)
      until_eof = true;
    else if (strcmp(name, "gzip") == 0)
      sim.gzip = true;
    else if (strcmp(name, "twins") == 0)
      sim.twins = true;
    else if (strcmp(name, "open-accounts") == 0)
      sim.open_accounts = true;
    else if (++i == argc || !set_option(name, argv[i])) {
      fprintf(stderr, "cloudsim: --%s: no such option, or a bad value\n", name);
      return false;
    }
  }
  for (size_t i = 0; i < collections_count; i++) {
    int like = collection_find(collections[i].like);
    sim.count[i] = like >= 0 ? sim.count[like] : sim.count[i];
  }
  return sim.count[ROW_PROJECTS] > 0 && sim.count[ROW_DOMAINS] > 0;
}

/* == the server == */

static char *read_file(const char *path) {
  struct buf text = {0};
  char piece[4096];
  size_t len;
  FILE *file;

  if (path == NULL || (file = fopen(path, "r")) == NULL)
    return NULL;
  while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
    buf_add(&text, piece, len);
  fclose(file);
  return text.data;
}

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static bool read_address(union address *address) {
  *address = (union address){0};
  if (inet_pton(AF_INET6, sim.address, &address->v6.sin6_addr) == 1) {
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((uint16_t)sim.port);
    return true;
  }
  address->v4.sin_family = AF_INET;
  address->v4.sin_port = htons((uint16_t)sim.port);
  return inet_pton(AF_INET, sim.address, &address->v4.sin_addr) == 1;
}

/* A socket that listens; sets our own URL, which needs the port. -1: none. */
static int listen_on(union address *address) {
  bool v6 = address->any.sa_family == AF_INET6;
  socklen_t len = v6 ? sizeof(address->v6) : sizeof(address->v4);
  int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(fd, &address->any, len) != 0 || listen(fd, BACKLOG) != 0 ||
      getsockname(fd, &address->any, &len) != 0) {
    close(fd);
    return -1;
  }
  snprintf(sim.base, sizeof(sim.base), "%s://%s%s%s:%u",
           sim.tls_cert != NULL ? "https" : "http", v6 ? "[" : "", sim.address,
           v6 ? "]" : "",
           ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port));
  return fd;
}

static struct MHD_Daemon *start(int fd) {
  char *cert = read_file(sim.tls_cert), *key = read_file(sim.tls_key);
  char *ca = read_file(sim.client_ca);
  unsigned flags = MHD_USE_THREAD_PER_CONNECTION |
                   MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
  struct MHD_OptionItem tls[] = {{MHD_OPTION_END, 0, NULL},
                                 {MHD_OPTION_HTTPS_MEM_KEY, 0, key},
                                 {MHD_OPTION_HTTPS_MEM_TRUST, 0, ca},
                                 {MHD_OPTION_END, 0, NULL}};
  struct MHD_Daemon *daemon = NULL;

  if (sim.tls_cert != NULL) {
    flags |= MHD_USE_TLS;
    tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, cert};
  }
  if (sim.client_ca == NULL)
    tls[2].option = MHD_OPTION_END;
  if (fd >= 0 && (sim.tls_cert == NULL || (cert != NULL && key != NULL)))
    daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, connection_notice, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL, MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
  free(cert);
  free(key);
  free(ca);
  return daemon;
}

/* Returns when a signal came, or the end of stdin where that is wanted. */
static void wait_for_end(int signals) {
  struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
                          {.fd = until_eof ? 0 : -1, .events = POLLIN}};
  char rest[256];

  for (;;) {
    if (poll(fds, 2, -1) < 0 || fds[0].revents != 0)
      return;
    if (fds[1].revents != 0 && read(0, rest, sizeof(rest)) <= 0)
      return;
  }
}

static void put_usage(FILE *out) {
  fputs(usage, out);
  fault_usage(out);
}

int main(int argc, char **argv) {
  struct MHD_Daemon *daemon;
  union address address;
  sigset_t set;
  int signals;

  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    put_usage(stdout);
    return 0;
  }
  if (!read_options(argc, argv) || !read_address(&address)) {
    put_usage(stderr);
    return 2;
  }
  expected_init();
  /* Before any thread, so that all of them leave the signals to us. */
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  signals = signalfd(-1, &set, SFD_CLOEXEC);
  sim.stop_fd = eventfd(0, EFD_CLOEXEC);
  daemon = start(listen_on(&address));
  if (daemon == NULL) {
    fprintf(stderr, "cloudsim: cannot listen on %s port %u\n", sim.address,
            sim.port);
    return 1;
  }
  printf("cloudsim ready %s/v3\n", sim.base);
  fflush(stdout);
  wait_for_end(signals);
  (void)!write(sim.stop_fd, &(uint64_t){1}, sizeof(uint64_t));
  MHD_stop_daemon(daemon);
  return 0;
}
