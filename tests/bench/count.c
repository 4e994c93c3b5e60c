/*
 * count - the least that a client of curl and yajl can do
 *
 *   count URL TOKEN CYCLES
 *
 * Takes all pages of a Glance listing and counts the images; knows nothing but
 * "next". What our walk costs is measured against this. It has the same size
 * of buffer, keeps its connection and does not validate UTF-8, as we.
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
  bool next; /* the key before was "next" */
  char link[4096];
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

static int on_string(void *arg, const unsigned char *text, size_t len) {
  struct counter *c = arg;
  if (c->next && len < sizeof(c->link)) {
    memcpy(c->link, text, len);
    c->link[len] = '\0';
  }
  return 1;
}

static int on_map(void *arg) {
  struct counter *c = arg;
  if (++c->depth == 3) /* {"images": [{ */
    c->records++;
  return 1;
}

static int on_key(void *arg, const unsigned char *text, size_t len) {
  struct counter *c = arg;
  c->next = c->depth == 1 && len == 4 && memcmp(text, "next", 4) == 0;
  return 1;
}

static int on_array(void *arg) {
  ((struct counter *)arg)->depth++;
  return 1;
}

static int on_end(void *arg) {
  ((struct counter *)arg)->depth--;
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
  c->depth = 0;
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
  if (argc != 4)
    return 2;
  char header[8192];
  snprintf(header, sizeof(header), "X-Auth-Token: %s", argv[2]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *easy = curl_easy_init();
  struct curl_slist *headers = curl_slist_append(NULL, header);
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
