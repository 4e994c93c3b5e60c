/*
 * ask - the least that a client of curl can do for a listing per project
 *
 *   ask TOKEN METHOD WIDTH CYCLES HEADER < URLS
 *
 * Makes our requests, byte by byte but for the version, WIDTH at a time, and
 * reads nothing of the answers. What our walk costs is measured against this.
 * Its handles keep all but the URL from one request to the next.
 */
#include "measure.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct asker {
  CURLM *multi;
  char **urls;
  size_t nurls, next, open; /* open: under way */
  unsigned long answers, bytes;
};

static size_t on_body(char *data, size_t size, size_t n, void *arg) {
  (void)data;
  ((struct asker *)arg)->bytes += size * n;
  return size * n;
}

static void ask_next(struct asker *a, CURL *easy) {
  if (a->next == a->nurls)
    return;
  curl_easy_setopt(easy, CURLOPT_URL, a->urls[a->next++]);
  curl_multi_add_handle(a->multi, easy);
  a->open++;
}

static void take_answers(struct asker *a) {
  int left;
  const CURLMsg *msg;
  while ((msg = curl_multi_info_read(a->multi, &left)) != NULL) {
    CURL *easy = msg->easy_handle;
    a->answers += msg->data.result == CURLE_OK;
    curl_multi_remove_handle(a->multi, easy);
    a->open--;
    ask_next(a, easy);
  }
}

static void cycle(struct asker *a, CURL **handles, size_t width) {
  struct measure before = measure_now();
  int running;
  a->next = a->answers = a->bytes = 0;
  for (size_t i = 0; i < width; i++)
    ask_next(a, handles[i]);
  while (a->open > 0) {
    curl_multi_perform(a->multi, &running);
    take_answers(a);
    if (a->open > 0)
      curl_multi_poll(a->multi, NULL, 0, 500, NULL);
  }
  measure_say(&before, a->answers, a->nurls, a->bytes, 0);
}

static void read_urls(struct asker *a) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    line[strcspn(line, "\n")] = '\0';
    a->urls = realloc(a->urls, (a->nurls + 1) * sizeof(*a->urls));
    a->urls[a->nurls++] = strdup(line);
  }
  free(line);
}

static CURL *new_handle(struct asker *a, struct curl_slist *headers,
                        const char *method) {
  CURL *easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOBODY, strcmp(method, "HEAD") == 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "collectd-openstack/0.0.0");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, a);
  return easy;
}

int main(int argc, char **argv) {
  if (argc != 6)
    return 2;
  size_t width = strtoul(argv[3], NULL, 10);
  char token[8192];
  struct asker asker = {.urls = NULL};
  snprintf(token, sizeof(token), "X-Auth-Token: %s", argv[1]);
  read_urls(&asker);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  asker.multi = curl_multi_init();
  struct curl_slist *headers = curl_slist_append(NULL, token);
  headers = curl_slist_append(headers, "Accept: application/json");
  if (argv[5][0] != '\0')
    headers = curl_slist_append(headers, argv[5]);
  CURL **handles = calloc(width, sizeof(CURL *));
  for (size_t i = 0; i < width; i++)
    handles[i] = new_handle(&asker, headers, argv[2]);
  for (long left = strtol(argv[4], NULL, 10); left > 0; left--)
    cycle(&asker, handles, width);
  for (size_t i = 0; i < width; i++)
    curl_easy_cleanup(handles[i]);
  for (size_t i = 0; i < asker.nurls; i++)
    free(asker.urls[i]);
  free(handles);
  free(asker.urls);
  curl_slist_free_all(headers);
  curl_multi_cleanup(asker.multi);
  curl_global_cleanup();
  return 0;
}
