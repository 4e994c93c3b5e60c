/*
 * count - the least that a client of curl and yajl can do
 *
 *   count URL TOKEN CYCLES HEADER
 *
 * Takes all pages of a listing and counts the records; knows nothing but where
 * it goes on: "next", or the link of "..._links" whose "rel" is "next". What
 * our walk costs is measured against this. It has the same size of buffer,
 * keeps its connection and does not validate UTF-8, as we.
 */
#include "measure.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct counter {
  yajl_handle yajl;
  unsigned long records, requests, bytes;
  int depth;
  bool links;      /* in the list of links */
  char key;        /* the key before began so, where it matters; or 0 */
  bool is_next;    /* "rel" of this link */
  char href[4096]; /* ... and where it leads */
  char link[4096]; /* the next page's, or "" */
};

static int on_null(void *arg) {
  (void)arg;
  return 1;
}

static int on_boolean(void *arg, int value) {
  (void)arg, (void)value;
  return 1;
}

static int on_number(void *arg, const char *text, size_t len) {
  (void)arg, (void)text, (void)len;
  return 1;
}

static bool is(const unsigned char *text, size_t len, const char *word) {
  return len == strlen(word) && memcmp(text, word, len) == 0;
}

static int on_string(void *arg, const unsigned char *text, size_t len) {
  struct counter *c = arg;
  if (c->key == 'r')
    c->is_next = is(text, len, "next");
  char *to = c->key == 'n' ? c->link : c->key == 'h' ? c->href : NULL;
  if (to == NULL || len >= sizeof(c->link))
    return 1;
  memcpy(to, text, len);
  to[len] = '\0';
  return 1;
}

static int on_map(void *arg) {
  struct counter *c = arg;
  if (++c->depth == 3 && !c->links) /* {"images": [{ */
    c->records++;
  return 1;
}

static int on_key(void *arg, const unsigned char *text, size_t len) {
  struct counter *c = arg;
  c->key = 0;
  if (c->depth == 1) {
    c->links = len > 6 && memcmp(text + len - 6, "_links", 6) == 0;
    c->key = is(text, len, "next") ? 'n' : 0;
  } else if (c->links) {
    c->key = is(text, len, "rel") ? 'r' : is(text, len, "href") ? 'h' : 0;
  }
  return 1;
}

static int on_array(void *arg) {
  ((struct counter *)arg)->depth++;
  return 1;
}

static int on_end(void *arg) {
  struct counter *c = arg;
  if (c->depth-- == 3 && c->links && c->is_next)
    memcpy(c->link, c->href, sizeof(c->link));
  return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

static size_t on_body(char *data, size_t size, size_t n, void *arg) {
  struct counter *c = arg;
  const unsigned char *json = (const unsigned char *)data;
  c->bytes += size * n;
  bool good = yajl_parse(c->yajl, json, size * n) == yajl_status_ok;
  return good ? size * n : 0;
}

/* One page; false: it failed. c->link is then the next one's, or "". */
static bool take_page(struct counter *c, CURL *easy, const char *url) {
  long status = 0;
  c->link[0] = '\0';
  c->depth = c->key = 0;
  c->links = c->is_next = false;
  c->yajl = yajl_alloc(&callbacks, NULL, c);
  yajl_config(c->yajl, yajl_dont_validate_strings, 1);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  CURLcode result = curl_easy_perform(easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  bool whole = yajl_complete_parse(c->yajl) == yajl_status_ok;
  yajl_free(c->yajl);
  c->requests++;
  return result == CURLE_OK && status == 200 && whole;
}

static bool take_all(struct counter *c, CURL *easy, const char *first) {
  char url[8192];
  size_t base = strcspn(first, "?");
  snprintf(url, sizeof(url), "%s", first);
  while (take_page(c, easy, url)) {
    const char *query = strchr(c->link, '?');
    if (query == NULL)
      return true;
    snprintf(url, sizeof(url), "%.*s%s", (int)base, first, query);
  }
  return false;
}

int main(int argc, char **argv) {
  if (argc != 5)
    return 2;
  char header[8192];
  snprintf(header, sizeof(header), "X-Auth-Token: %s", argv[2]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *easy = curl_easy_init();
  struct curl_slist *headers = curl_slist_append(NULL, header);
  if (argv[4][0] != '\0')
    headers = curl_slist_append(headers, argv[4]);
  struct counter counter = {.records = 0};
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &counter);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  bool good = true;
  for (long cycle = strtol(argv[3], NULL, 10); good && cycle > 0; cycle--) {
    struct measure before = measure_now();
    counter.records = counter.requests = counter.bytes = 0;
    good = take_all(&counter, easy, argv[1]);
    measure_say(&before, counter.records, counter.requests, counter.bytes, 0);
  }
  curl_slist_free_all(headers);
  curl_easy_cleanup(easy);
  curl_global_cleanup();
  return good ? 0 : 1;
}
