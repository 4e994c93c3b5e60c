#include "walk/pages.h"

#include "net/url.h"
#include "walk/listing_url.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Limits of pages are multiples of it. */
#define ROUND_RECORDS 500

static const struct paging *paging_of(const struct pages *p) {
  return &p->plan->listing->paging;
}

static void keep_text(struct pages *p, char **where, const char *text) {
  free(*where);
  *where = strdup(text);
  if (*where == NULL)
    error_memory(p->error);
}

/* ---- what a page shows -------------------------------------------------- */

/* Of each record, since each may be the last: in the same memory. */
static void keep_marker(struct pages *p, const char *text) {
  size_t size = strlen(text) + 1;
  if (size > p->marker_room) {
    char *grown = realloc(p->marker, size);
    if (grown == NULL) {
      error_memory(p->error);
      return;
    }
    p->marker = grown;
    p->marker_room = size;
  }
  memcpy(p->marker, text, size);
}

void pages_record(struct pages *p, const struct cell *cells) {
  p->records++;
  if (paging_of(p)->kind != PAGING_MARKER ||
      !binding_may_mark(p->plan->binding, cells))
    return;
  p->may_mark = true;
  const char *marker = binding_marker(p->plan->binding, cells);
  if (marker == NULL)
    return;
  p->marked = true;
  keep_marker(p, marker);
}

/* No link is null, "", or nothing at all. A container comes as a cell without a
 * kind: it is no scalar. */
static void keep_link(struct pages *p, const struct cell *href) {
  const char *query = strchr(href->text, '?');
  if (href->kind == CELL_NULL || (href->kind == CELL_STRING && href->len == 0))
    return;
  if (href->kind != CELL_STRING)
    error_set(p->error, ERROR_PARSE, "the next link is no text");
  else if (href->cut)
    error_set(p->error, ERROR_LIMIT, "the next link is over %d bytes",
              CELL_TEXT - 1);
  else if (query == NULL || query[1] == '\0')
    error_set(p->error, ERROR_PARSE, "the next link has no query");
  else if (!url_has_bytes(query + 1))
    error_set(p->error, ERROR_PARSE,
              "the next link has a blank or a control byte");
  else
    keep_text(p, &p->link, query + 1);
}

static int on_link(void *arg, const struct cell *cells) {
  keep_link(arg, &cells[0]);
  return 0;
}

/* The list holds "previous" as well, and in any order. */
static int on_links(void *arg, const struct cell *cells) {
  struct pages *p = arg;
  if (cells[0].kind != CELL_STRING)
    error_set(p->error, ERROR_PARSE, "a link has no \"rel\"");
  else if (strcmp(cells[0].text, "next") == 0)
    keep_link(p, &cells[1]);
  return 0;
}

static int on_holder(void *arg, const struct cell *cells) {
  struct pages *p = arg;
  p->has_holder = cells[0].kind != CELL_NULL;
  return 0;
}

static int on_truncated(void *arg, const struct cell *cells) {
  struct pages *p = arg;
  p->truncated = cells[0].kind == CELL_TRUE;
  return 0;
}

/* A link that is not followed: of a listing that is thought to have no pages,
 * or that goes on by a marker. */
static int on_stray(void *arg, const struct cell *cells) {
  struct pages *p = arg;
  if (cells[0].kind == CELL_STRING && cells[0].len > 0)
    p->unfollowed = true;
  return 0;
}

/* The same in a list of links, whatever its name. */
static int on_strays(void *arg, const struct cell *cells) {
  bool next = cells[0].kind == CELL_STRING && !strcmp(cells[0].text, "next");
  return next ? on_stray(arg, &cells[1]) : 0;
}

void pages_links(struct pages *p, struct search *search) {
  search->link = on_link;
  search->links = on_links;
  search->holder = on_holder;
  search->truncated = on_truncated;
  search->stray = on_stray;
  search->strays = on_strays;
  search->links_arg = p;
}

/* ---- from page to page -------------------------------------------------- */

void pages_clear(struct pages *p) {
  free(p->url);
  free(p->page_url);
  free(p->link);
  free(p->marker);
}

void pages_first(struct pages *p, const char *id) {
  struct error *error = p->error;
  const struct pass_plan *plan = p->plan;
  pages_clear(p);
  *p = (struct pages){.plan = plan,
                      .error = error,
                      .url = listing_url(plan, id),
                      .page = 1,
                      .total = NAN};
}

int pages_open(struct pages *p) {
  p->records = p->fresh = p->odd = 0;
  p->has_holder = p->truncated = p->unfollowed = false;
  p->may_mark = p->marked = false;
  free(p->link);
  p->link = NULL;
  return p->url != NULL ? 0 : error_memory(p->error);
}

static bool is_only_page(const struct pages *p) {
  (void)p;
  return true;
}

static bool has_no_link(const struct pages *p) { return p->link == NULL; }

/* Octavia forgets the fields in its links. */
static char *link_url(const struct pages *p) {
  char *url = url_with_query(p->url, p->link);
  if (p->plan->listing->fields && strstr(p->link, "fields=") == NULL)
    url = listing_url_fields(url, p->plan->binding);
  return url;
}

static bool has_all(const struct pages *p) {
  return p->records == 0 || (double)p->offset == p->total;
}

static char *marker_url(const struct pages *p) {
  return url_with_parameter(p->url, "marker", p->marker);
}

/* Manila counts and pages by replicas and lists each share once: its last pages
 * repeat shares, and are shorter than the first. Nova lists what is in a cell
 * that is down with each page. */
static bool is_tail(const struct pages *p) {
  return has_all(p) || (p->fresh == 0 && p->records < p->first_records);
}

/* Nothing can come behind what Nova lists of a cell that is down. */
static bool is_unmarked(const struct pages *p) {
  bool lacks = (double)p->offset < p->total;
  return paging_of(p)->marker_when != NULL && !p->may_mark && !p->unfollowed &&
         !lacks;
}

static bool is_last_marked(const struct pages *p) {
  return is_tail(p) || is_unmarked(p);
}

static char *offset_url(const struct pages *p) {
  char number[24];
  snprintf(number, sizeof(number), "%zu", p->offset);
  return url_with_parameter(p->url, "offset", number);
}

static const struct {
  bool (*is_last)(const struct pages *p);
  char *(*next_url)(const struct pages *p); /* NULL: memory */
} kinds[] = {
    [PAGING_NONE] = {is_only_page, NULL},
    [PAGING_LINK] = {has_no_link, link_url},
    [PAGING_LINKS] = {has_no_link, link_url},
    [PAGING_MARKER] = {is_last_marked, marker_url},
    [PAGING_OFFSET] = {is_tail, offset_url},
};

/* So many pages in a row, this one included, may bring nothing new. One share
 * of some replicas makes pages that are no shorter; a service that hides
 * records behind its paging makes pages that are empty and link on. */
static size_t stale_pages(const struct pages *p) {
  if (paging_of(p)->kind == PAGING_OFFSET)
    return 4;
  return p->records == 0 ? 16 : 0;
}

/* Neutron starts over when the marker is gone; a broken link leads to the same
 * page for ever. */
static int check_progress(const struct pages *p) {
  if (p->stale > stale_pages(p))
    return error_set(p->error, ERROR_LIMIT, "%s",
                     p->odd > 0 ? "the page has only records without an id"
                     : p->records == 0
                         ? "one page after another is empty"
                         : "the page has only records that were listed before");
  if (p->page >= PASS_PAGES)
    return error_set(p->error, ERROR_LIMIT, "more than %d pages", PASS_PAGES);
  return 0;
}

/* Manila counts replicas, so its count may be too high for the records; but
 * where it counts any, there is one. (Swift's count of containers lags behind.)
 */
static int check_count(const struct pages *p) {
  if (paging_of(p)->kind != PAGING_OFFSET || p->offset > 0 || !(p->total > 0))
    return 0;
  return error_set(p->error, ERROR_PARSE,
                   "the answer counts %.0f records and has none", p->total);
}

/* A marker that no record has would end the listing as if it were whole. */
static int check_marker(const struct pages *p) {
  const struct paging *paging = paging_of(p);
  bool lacks = paging->marker_when != NULL ? !p->marked : p->marker == NULL;
  if (paging->kind != PAGING_MARKER || !lacks || is_last_marked(p))
    return 0;
  return error_set(p->error, ERROR_PARSE,
                   "the records have no \"%s\" to go on from",
                   p->may_mark ? paging->marker : paging->marker_when);
}

int pages_next(struct pages *p) {
  enum paging_kind kind = paging_of(p)->kind;
  if (p->page == 1)
    p->first_records = p->records;
  p->offset += p->records;
  p->stale = p->fresh > 0 ? 0 : p->stale + 1;
  if (check_count(p) != 0 || check_marker(p) != 0)
    return -1;
  if (kinds[kind].is_last(p))
    return 0;
  free(p->page_url);
  p->page_url = kinds[kind].next_url(p);
  if (p->page_url == NULL)
    return error_memory(p->error);
  if (check_progress(p) != 0)
    return -1;
  p->page++;
  return 1;
}

/* The server says so, or its one page is as long as limits are, and no link
 * follows. */
void pages_note_cut(const struct pages *p, struct pass_result *result) {
  enum paging_kind kind = paging_of(p)->kind;
  result->unfollowed |= p->unfollowed && kind == PAGING_NONE;
  if (kind == PAGING_MARKER || kind == PAGING_OFFSET)
    return;
  result->truncated |= p->truncated;
  if (p->page == 1 && p->records % ROUND_RECORDS == 0)
    result->round = p->records;
}

const char *pages_url(const struct pages *p) {
  return p->page_url != NULL ? p->page_url : p->url;
}
