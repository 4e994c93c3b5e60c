/* Pages whose links, markers and counts are anything: no request ever leaves
 * the listing's own URL, and no listing goes on for ever.
 * Input: a byte that chooses the paging, then the answer, which comes again
 * for every page. fetch is linked alone. */
#include "fuzz.h"

#include "base/idset.h"
#include "keystone/session.h"
#include "net/extract.h"
#include "net/http.h"
#include "settings/access.h"
#include "walk/fetch.h"

#include <stdlib.h>
#include <string.h>

static char header[] = TOKEN_HEADER "t";
static const struct session_token token = {.header = header};

static void no_sink(void *arg, const struct sample *sample) {
  (void)arg;
  CLAIM(sample->id[0] != '\0');
}

static void walk(struct fetch *fetch, const uint8_t *data, size_t size) {
  static const char own[] = "https://own.example/image/v2/things?";
  const struct http_reply reply = {.status = 200};
  struct http_request request;
  size_t pages = 0;
  int more = 1;
  fetch_begin(fetch, NULL);
  for (; more == 1; pages++) {
    CLAIM(fetch_request(fetch, &request) == 0);
    CLAIM(strncmp(request.url, own, sizeof(own) - 1) == 0);
    request.on_header(request.arg, "x-count", "12");
    more = request.on_body(request.arg, data, size) == 0
               ? fetch_take(fetch, &reply)
               : -1;
    CLAIM((more < 0) == (fetch->error.code != ERROR_NONE));
  }
  /* The second lists only what was listed before; offsets get some more, and so
   * do links of empty pages. */
  static const size_t most[] = {[PAGING_LINK] = 17,
                                [PAGING_LINKS] = 17,
                                [PAGING_MARKER] = 2,
                                [PAGING_OFFSET] = 6};
  CLAIM(pages <= most[fetch->plan->listing->paging.kind]);
  CLAIM(pages <= 2 || fetch->pages.fresh == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct paging pagings[] = {
      {.kind = PAGING_LINK, .next = "next"},
      {.kind = PAGING_LINK, .next = "links.next"},
      {.kind = PAGING_LINKS, .next = "links[]"},
      {.kind = PAGING_MARKER, .marker = "name", .total_header = "x-count"},
      {.kind = PAGING_OFFSET, .total = "count"},
  };
  if (size == 0)
    return 0;
  const struct listing listing = {.name = "things",
                                  .path = "/v2/things?limit=1",
                                  .record = "l[]",
                                  .id = "id",
                                  .paging = pagings[data[0] % 5]};
  const struct meter meter = {.name = "m", .from = &listing}, *list = &meter;
  struct error err = {0};
  struct binding *binding = binding_new(&listing, &list, 1, false, &err);
  const struct pass_access access = {0};
  const struct pass_plan plan = {.listing = &listing,
                                 .binding = binding,
                                 .access = &access,
                                 .url = "https://own.example/image/v1"};
  struct sample_output output = {.sink = no_sink};
  struct pass_result result = {.pages = 0};
  struct idset seen = {0};
  struct fetch fetch = {.plan = &plan,
                        .result = &result,
                        .seen = &seen,
                        .output = &output,
                        .token = &token};
  CLAIM(binding != NULL && fetch_init(&fetch, &err) == 0);
  walk(&fetch, data + 1, size - 1);
  fetch_clear(&fetch);
  idset_clear(&seen);
  binding_free(binding);
  return 0;
}
