/*
 * search - what an answer is searched for
 *
 * The groups of extract.h for the answers of one listing: its records, the
 * answer as a whole, and what leads to the next page or shows that there is
 * one. fetch searches answers for them; validate asks at start whether that
 * works. It keeps nothing of an answer.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "meter/binding.h"
#include "net/extract.h"

/* Groups by which extract_met() is asked. */
enum search_group {
  SEARCH_RECORD, /* the listing's container of records */
  SEARCH_LINK,   /* PAGING_LINK, PAGING_LINKS: the next link, or the list of
                    links */
};

/* What takes what is found. Those of the links get `links_arg`, the other two
 * `arg`. All may be NULL if no answer is ever fed. */
struct search {
  extract_record *record; /* cells of METER_RECORD */
  extract_record *answer; /* cells of METER_ANSWER; not called without any */
  void *arg;
  extract_record *link;      /* PAGING_LINK: cells[0] is the link */
  extract_record *links;     /* PAGING_LINKS: "rel" and "href" of a link */
  extract_record *holder;    /* cells[0]: the object with the link, or null */
  extract_record *truncated; /* cells[0]: the mark paging.truncated */
  extract_record *stray;     /* where links are not followed: as `link`, */
  extract_record *strays;    /* and as `links` */
  void *links_arg;
};

/* search_new(binding, search, err): an extractor for answers of the binding's
 * listing; the caller frees it with extract_free(). NULL: ERROR_CONFIG (a path
 * that cannot be parsed, too many fields), memory. */
struct extract *search_new(const struct binding *binding,
                           const struct search *search, struct error *err);

#endif
