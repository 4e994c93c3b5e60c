/*
 * pages - which page of a listing comes next
 *
 * Collects what a page reveals of the next one (a link, the last record, how
 * many there are), and at its end builds the next one's URL. It sends nothing
 * and keeps no records; fetch asks for the pages, one after the other.
 *
 * Of a next link only the query is used, on the first page's own URL. So a
 * token never goes to a host that an answer names, and a prefix that a service
 * does not know of (https://cloud.example/image/v2/images) stays.
 */
#ifndef PAGES_H
#define PAGES_H

#include "meter/search.h"
#include "walk/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct pages {
  const struct pass_plan *plan;
  struct error *error;  /* what is wrong with this page; the caller's */
  char *url;            /* the first page's, with its query */
  char *page_url;       /* this page's; NULL: `url` */
  size_t page;          /* from 1 */
  size_t offset;        /* records of the pages before */
  size_t stale;         /* pages in a row that brought nothing new */
  size_t first_records; /* of the first page */
  double total;         /* number of records in all pages, or NAN */
  /* Of this page: */
  size_t records, fresh, odd; /* all, the new ones, and those without an id */
  char *link;                 /* query of the next link, or NULL */
  char *marker;               /* PAGING_MARKER: the last record's; or NULL */
  size_t marker_room;
  bool has_holder; /* the answer has the object for the link:
                      "links" */
  bool truncated;  /* the server marked it as truncated */
  bool unfollowed; /* it has a next link, which is not followed */
  bool may_mark;   /* it has a record that should have a marker, */
  bool marked;     /* and one that does */
};

/* pages_first(pages, id): goes to the first page, of this project or owner (or
 * NULL). The caller has set plan and error, once; all else must be zero before
 * the first call. */
void pages_first(struct pages *pages, const char *id);
void pages_clear(struct pages *pages);

/* pages_open(pages): this page is requested, for the first time or once more:
 * what an earlier try has shown is forgotten. -1: memory, in pages->error. */
int pages_open(struct pages *pages);

/* pages_record(pages, cells): a record of this page. */
void pages_record(struct pages *pages, const struct cell *cells);

/* pages_links(pages, search): sets the callbacks by which the links of an
 * answer reach `pages`. */
void pages_links(struct pages *pages, struct search *search);

/* pages_next(pages): this page has ended. 1: goes to the next page; 0: it was
 * the last one; -1: ERROR_LIMIT (pages without end), memory, in
 * pages->error. */
int pages_next(struct pages *pages);

/* pages_note_cut(pages, result): at the end of the last page: notes whether the
 * listing may have been cut off there. */
void pages_note_cut(const struct pages *pages, struct pass_result *result);

/* pages_url(pages): the URL of this page. NULL: memory. */
const char *pages_url(const struct pages *pages);

#endif
