#include "meter/search.h"

#include "meter/bound.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Those that are not the meters': `links`, and `itself` three times. */
_Static_assert(EXTRACT_FIELDS >= METER_FIELDS + 5, "room for links");

static const struct extract_field itself[] = {{.path = ""}};
static const struct extract_field links[] = {{.path = "rel"}, {.path = "href"}};

/* The path of what holds the link, or the list of links; NULL: the answer
 * itself, or no memory. */
static char *holder_path(const char *next) {
  bool quoted = strchr(next, '"') != NULL; /* its dots are part of names */
  const char *last = strrchr(next, '.');
  size_t len = strlen(next);
  if (len > 2 && strcmp(next + len - 2, "[]") == 0)
    return strndup(next, len - 2);
  return last != NULL && !quoted ? strndup(next, (size_t)(last - next)) : NULL;
}

/* A row with the fields of the binding, which are found for `arg`. */
static struct extract_group fields_of(const struct binding *b, enum meter_of of,
                                      const char *record,
                                      extract_record *on_record, void *arg) {
  struct extract_group group = {
      .record = record, .on_record = on_record, .arg = arg};
  group.fields = binding_fields(b, of, &group.nfields);
  return group;
}

struct extract *search_new(const struct binding *b, const struct search *s,
                           struct error *err) {
  const struct paging *paging = &b->listing->paging;
  char *holder = paging->next != NULL ? holder_path(paging->next) : NULL;
  bool strays = paging->kind == PAGING_NONE || paging->marker_when != NULL;
  void *arg = s->links_arg;
  const struct extract_group all[] = {
      fields_of(b, METER_RECORD, b->listing->record, s->record, s->arg),
      {paging->kind == PAGING_LINK ? paging->next : NULL, itself, 1, s->link,
       arg},
      {paging->kind == PAGING_LINKS ? paging->next : NULL, links, 2, s->links,
       arg},
      {holder, itself, 1, s->holder, arg},
      {paging->truncated, itself, 1, s->truncated, arg},
      {strays ? "next" : NULL, itself, 1, s->stray, arg},
      {strays ? "links.next" : NULL, itself, 1, s->stray, arg},
      {strays ? "*[]" : NULL, links, 2, s->strays, arg},
      fields_of(b, METER_ANSWER, "", s->answer, s->arg),
  };
  struct extract_group groups[sizeof(all) / sizeof(all[0])];
  size_t n = 0;
  for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
    if (all[i].record != NULL && (i == SEARCH_RECORD || all[i].nfields > 0))
      groups[n++] = all[i];
  struct extract *extract = extract_new(groups, n, NULL, err);
  free(holder);
  return extract;
}
