#include "net/transfer.h"

#include "net/hint.h"
#include "net/proxy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ENCODING "gzip"
#define USER_AGENT "collectd-openstack/" OPENSTACK_PLUGIN_VERSION
/* The hash of no body, which S3 wants named and libcurl leaves to us. */
#define EMPTY_SHA256                                                           \
  "x-amz-content-sha256: "                                                     \
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
/* A host that does not even answer the door holds a thread no longer. */
#define CONNECT_MS 10000
/* Seconds. Firewalls and balancers forget connections that are idle, and say
 * nothing; names move to other addresses. What a walk asks follows faster. */
#define IDLE_MOST 10L
#define CONNECTION_MOST 300L
#define DNS_MOST 60L
/* So long without a packet, and the kernel asks whether the peer is there. */
#define KEEPALIVE 15L
/* Seconds at most, lest a mistake of one proxy ends all values for a day. */
#define RETRY_AFTER_MOST 3600

static size_t on_write(char *data, size_t size, size_t count, void *arg) {
  struct transfer *t = arg;
  size_t len = size * count;
  long *status = &t->reply.status;
  if (t->exchange != NULL)
    return exchange_add(t->exchange, data, len) == 0 ? len : 0;
  if (*status == 0)
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, status);
  return answer_body(&t->answer, data, len) == 0 ? len : 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg) {
  struct transfer *t = arg;
  size_t len = size * count;
  if (t->exchange != NULL)
    return exchange_add_line(t->exchange, data, len) == 0 ? len : 0;
  return answer_header(&t->answer, data, len) == 0 ? len : 0;
}

/* One of them is a token. */
void transfer_forget(struct transfer *t) {
  for (struct curl_slist *at = t->headers; at != NULL; at = at->next)
    explicit_bzero(at->data, strlen(at->data));
  curl_slist_free_all(t->headers);
  t->headers = NULL;
}

static bool add_header(struct transfer *t, const char *header) {
  struct curl_slist *more = curl_slist_append(t->headers, header);
  if (more == NULL)
    return false;
  t->headers = more;
  return true;
}

static int transfer_headers(struct transfer *t, struct error *err) {
  const struct http_request *request = &t->request;
  transfer_forget(t);
  /* libcurl prints what it is told as an option twice for each request; but it
   * signs each header, and proxies change this one. */
  bool added = add_header(
      t, request->sigv4 != NULL ? EMPTY_SHA256 : "User-Agent: " USER_AGENT);
  /* uwsgi never sends "100 Continue": waiting for it costs a second. */
  if (request->body != NULL)
    added = added && add_header(t, "Expect:");
  for (size_t i = 0; i < HTTP_HEADERS && request->headers[i] != NULL; i++)
    added = added && add_header(t, request->headers[i]);
  return added ? 0 : error_memory(err);
}

static void trust_connections(CURL *easy) {
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, IDLE_MOST);
  curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_MOST);
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, DNS_MOST);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE);
}

static void trust_servers(CURL *easy, const struct http_options *o) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, o->verify_peer ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, o->verify_host ? 2L : 0L);
  if (o->ca_cert != NULL) {
    /* Instead of the system's, which Debian's libcurl has as a folder. */
    curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_cert);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  }
  if (o->client_cert != NULL)
    curl_easy_setopt(easy, CURLOPT_SSLCERT, o->client_cert);
  if (o->client_key != NULL)
    curl_easy_setopt(easy, CURLOPT_SSLKEY, o->client_key);
}

/* What stays the same for all requests of a handle. */
static void handle_options(struct transfer *t) {
  const struct http_options *o = t->options;
  int64_t connect = o->connect_ms > 0 ? o->connect_ms : CONNECT_MS;
  CURL *easy = t->easy;
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's */
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ENCODING);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  if (o->direct || !proxy_is_set()) /* else it looks before each request */
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  /* http_run() watches the deadline, and reports it as one. */
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   (long)(o->timeout_ms < connect ? o->timeout_ms : connect));
  trust_connections(easy);
  trust_servers(easy, o);
  /* A name that does not resolve holds a thread in the C library's resolver.
   * Without this curl waits for it, for as long as the resolver likes. */
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
}

/* A handle keeps its options for the next request. Where one signs it begins
 * anew: keys and what is to be signed cannot be taken back one by one. */
static void handle_ready(struct transfer *t) {
  const struct http_request *request = &t->request;
  bool signs = request->sigv4 != NULL;
  if (t->ready && !signs && !t->signs)
    return;
  curl_easy_reset(t->easy); /* keeps connections and the DNS cache */
  handle_options(t);
  if (signs) {
    curl_easy_setopt(t->easy, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(t->easy, CURLOPT_AWS_SIGV4, request->sigv4);
    curl_easy_setopt(t->easy, CURLOPT_USERPWD, request->sigv4_user_key);
  }
  t->ready = true;
  t->signs = signs;
}

/* Told the URL in both ways, libcurl before 8 neither normalises nor prints it,
 * which is a tenth of what a request costs. The parsed one counts; of one that
 * cannot be parsed libcurl says what is wrong. */
static void url_options(struct transfer *t) {
  const char *url = t->request.url;
  bool parsed = curl_url_set(t->url, CURLUPART_URL, url, 0) == CURLUE_OK;
  curl_easy_setopt(t->easy, CURLOPT_URL, url);
  curl_easy_setopt(t->easy, CURLOPT_CURLU, parsed ? t->url : NULL);
}

/* Each of these takes back what the request before has set. */
static void request_options(struct transfer *t) {
  const struct http_request *request = &t->request;
  CURL *easy = t->easy;
  url_options(t);
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, t->again ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  if (strcmp(request->method, "HEAD") == 0)
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request->body != NULL)
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
}

void transfer_open(struct transfer *t) {
  if (t->easy == NULL)
    t->easy = curl_easy_init();
  if (t->url == NULL)
    t->url = curl_url();
}

void transfer_close(struct transfer *t) {
  curl_easy_cleanup(t->easy);
  curl_url_cleanup(t->url);
  transfer_forget(t);
}

int transfer_send(struct transfer *t, CURLM *multi, struct error *err) {
  t->error[0] = '\0';
  if (t->easy == NULL)
    return error_memory(err);
  if (transfer_headers(t, err) != 0)
    return -1;
  handle_ready(t);
  request_options(t);
  if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
    return error_memory(err);
  return 0;
}

/* libcurl ends a header of over 100 KiB; before 8.6 it says "memory". */
static bool header_too_long(const struct transfer *t, CURLcode result) {
  curl_off_t first_byte_us = 0;
  curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte_us);
  uint64_t bytes = t->exchange != NULL ? t->exchange->bytes : t->reply.bytes;
  bool while_headers_came = first_byte_us > 0 && bytes == 0;
#if LIBCURL_VERSION_NUM >= 0x080600
  return while_headers_came && result == CURLE_TOO_LARGE;
#else
  return while_headers_came && result == CURLE_OUT_OF_MEMORY;
#endif
}

/* Be it said in seconds or as a date. */
static int64_t retry_after_ms(CURL *easy) {
  curl_off_t seconds = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds < 0)
    return 0;
  return (seconds < RETRY_AFTER_MOST ? seconds : RETRY_AFTER_MOST) * 1000;
}

/* Is this only the end of the body that is missing? A checksum, a length or a
 * frame that is wrong says more: that what came may be. */
static bool is_cut_short(CURLcode result) {
  return result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR ||
         result == CURLE_HTTP2_STREAM;
}

/* How far a request came. One that is made again may have come far before. */
static void note_reach(const struct transfer *t, CURLcode result,
                       struct http_ending *ending) {
  long sent = 0, why = 0;
  curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
  curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &why);
  ending->reached = sent > 0 || t->again;
  ending->refused = result == CURLE_COULDNT_CONNECT && why == ECONNREFUSED;
}

/* What curl's result means to us. */
void transfer_ending(const struct transfer *t, int result,
                     struct http_ending *ret) {
  curl_off_t us = 0;
  *ret = (struct http_ending){.retry_after_ms = retry_after_ms(t->easy)};
  curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &ret->status);
  curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &us);
  ret->seconds = (double)us / 1e6;
  note_reach(t, result, ret);
  if (header_too_long(t, result)) {
    error_set(&ret->error, ERROR_LIMIT, "the answer's headers are over %d KiB",
              HTTP_HEADER_LIMIT / 1024);
  } else if (result != CURLE_OK) {
    /* libcurl repeats a proxy that it cannot read, password and all. */
    bool safe = t->error[0] != '\0' && strchr(t->error, '@') == NULL;
    error_set(&ret->error, ERROR_TRANSPORT, "%s",
              safe ? t->error : curl_easy_strerror(result));
    hint_add(&ret->error, t->request.url, t->options->direct);
    ret->error.detail = result;
    ret->cut_short = is_cut_short(result);
  }
}
