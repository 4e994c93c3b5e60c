/*
 * samples - what meters make of a record's cells
 *
 * Turns each row of cells of an answer into samples, one for each meter on it,
 * and counts in what a meter totals. Nothing here does I/O, or keeps a record.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "base/cell.h"
#include "base/roster.h"
#include "meter/binding.h"
#include "meter/meter.h"

#include <stdbool.h>
#include <stddef.h>

/* What a meter makes of a record. All texts live until the call returns. */
struct sample {
  const struct meter *meter;
  double value;
  const char *id;          /* resource; never NULL or empty */
  const char *project;     /* NULL: none, or not known */
  const char *user, *name; /* the same */
  /* NULL: not known. walk fills them in, where somebody wants names. */
  const char *project_name, *domain_name, *user_name;
  bool project_twin; /* another project's name looks the same */
  const struct binding *binding;
  const struct cell *cells; /* for sample_metadata(); NULL: none */
};

typedef void sample_sink(void *arg, const struct sample *sample);

/* Are this project's samples wanted? NULL: they belong to none. */
typedef bool sample_wanted(void *arg, const char *project);

/* What samples_take() met besides: how often, and the first one. */
enum sample_note {
  NOTE_STATE,   /* a state that the table does not know, and that gave none */
  NOTE_NUMBER,  /* a value that is there and is no number */
  NOTE_PROJECT, /* a record that belongs to a project and names none */
  NOTES,
};
struct sample_notes {
  size_t n[NOTES];
  char example[NOTES][160];
};

/* Where samples go, and what is kept of them for one pass. */
struct sample_output {
  sample_sink *sink;
  void *arg;
  sample_wanted *wanted; /* NULL: all are */
  void *wanted_arg;
  const struct roster *owners; /* listing.owners: names are their projects */
  struct totals *totals; /* for meters with a `total`; NULL if there are none */
  size_t *sent;   /* binding_meters() zeros: samples of each meter; or NULL */
  size_t refused; /* samples beyond their meter's max_series */
  struct sample_notes notes;
};

/* A row of cells, and whose it is. */
struct subject {
  enum meter_of of;
  const struct cell *cells;
  const char *id;
  const char *project; /* the project asked for, or NULL */
};

/* samples_take(binding, subject, output): hands the sink a sample for each
 * meter on this row that has a value; meters that total are counted in instead,
 * where a value that is no number leaves its group without a total. A row whose
 * project is not wanted leaves no trace, nor one whose owner is not there, nor,
 * where not all are wanted, one that does not say whose it is. */
void samples_take(const struct binding *binding, const struct subject *subject,
                  struct sample_output *output);

/* samples_totals(binding, before, output): hands the sink what came together:
 * once, behind a pass that was whole. A count or a sum over all, or of an
 * owner, is there even if there was nothing to count; a group that `before`,
 * the totals of the last such pass (or NULL), had and this one has not is a 0,
 * this once, unless some found no room. */
void samples_totals(const struct binding *binding, const struct totals *before,
                    struct sample_output *output);

/* sample_metadata(sample, i, ret_name, ret_text): the i-th metadata field of
 * the sample's listing, as text: of a list its elements, with ',' between.
 * False: there are no more. `ret_text` is NULL where the record has none. */
bool sample_metadata(const struct sample *sample, size_t i,
                     const char **ret_name, const char **ret_text);

#endif
