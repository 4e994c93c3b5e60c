/*
 * sample - one number, and whose it is
 *
 * What a meter makes of a record, on its way to a sink. It knows neither where
 * numbers come from nor where they go.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "meter/meter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct binding;
struct cell;

/* What a meter makes of a record. All texts live until the call returns. */
struct sample {
  const struct meter *meter;
  double value;
  double time;             /* in seconds since 1970 */
  const char *id;          /* resource; never NULL or empty */
  const char *project;     /* NULL: none, or not known */
  const char *user, *name; /* the same */
  /* LISTING_OWNER: whose answer it is of; NULL: of none, or it has no name. */
  const char *owner, *owner_name;
  /* NULL: not known. walk fills them in, where somebody wants names. */
  const char *project_name, *domain, *domain_name, *user_name;
  bool project_twin;   /* another project's name looks the same, */
  bool domain_twin;    /* also with the name of its domain */
  int64_t interval_ms; /* until its next value; 0: its meter's */
  const struct binding *binding;
  /* For sample_metadata() and sample_field(): the record's, or the texts of a
   * copy, metadata first; NULL: none. */
  const struct cell *cells;
  const char *const *texts;
};

typedef void sample_sink(void *arg, const struct sample *sample);

/* Are this project's samples wanted? NULL: they belong to none. */
typedef bool sample_wanted(void *arg, const char *project);

/* sample_metadata(sample, i, ret_name, ret_text): the i-th metadata field of
 * the sample's listing, as text: of a list its elements, with ',' between.
 * False: there are no more. `ret_text` is NULL where the record has none. */
bool sample_metadata(const struct sample *sample, size_t i,
                     const char **ret_name, const char **ret_text);

/* sample_field(sample, path): the text of a field that a meter of its binding
 * names (meter.named), in the same form. NULL: the record has none, or the
 * sample is of no record. */
const char *sample_field(const struct sample *sample, const char *path);

/* sample_copy(sample, arena): with texts of its own, in the arena. NULL:
 * memory. */
struct sample *sample_copy(const struct sample *sample, struct arena *arena);

#endif
