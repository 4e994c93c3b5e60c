/*
 * samples - what meters make of a record's cells
 *
 * Turns each row of cells of an answer into samples, one for each meter on it,
 * and counts in what a meter totals. Nothing here does I/O, or keeps a record.
 * Only one thread at a time may use a struct sample_output.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "meter/binding.h"
#include "meter/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asked;
struct roster;
struct worst;

/* What samples_take() noticed: how often, and the first case. */
enum sample_note {
  NOTE_STATE,   /* a state that the table does not have, and which has no
                   number */
  NOTE_NUMBER,  /* a value that is not a number */
  NOTE_PROJECT, /* a record of a project that does not name its project */
  NOTE_FIELD,   /* a total over a field that no record has */
  NOTES,
};
struct sample_notes {
  size_t n[NOTES];
  char example[NOTES][160];
};

enum total_met {
  MET_RECORD = 1, /* a record with the total's fields, even if they are null */
  MET_LACK = 2,   /* a record that lacks one of them */
};

/* Where samples go, and what is kept of them for one pass. */
struct sample_output {
  sample_sink *sink;
  void *arg;
  sample_wanted *wanted; /* NULL: all are */
  void *wanted_arg;
  const struct roster *owners; /* listing.owners, by which records are found */
  struct totals *totals; /* for meters with a `total`; NULL if there are none */
  size_t *sent;   /* binding_meters() zeros: samples of each meter; or NULL */
  size_t refused; /* samples beyond their meter's max_series */
  int64_t interval_ms; /* as in struct sample */
  double now; /* in seconds since 1970: the time of samples, and for age() */
  /* binding_meters() zeros: what totals have met, bits of enum total_met; or
   * NULL */
  unsigned char *met;
  struct sample_notes notes;
};

/* A row of cells, and to what it belongs. */
struct subject {
  enum meter_of of;
  const struct cell *cells;
  const char *id;
  uint64_t hash;             /* of the id, if states wait */
  const struct asked *asked; /* NULL: LISTING_CLOUD */
  /* METER_RECORD: where states wait for worse ones of the same id; NULL: they
   * are sent at once. */
  struct worst *worst;
  bool twin; /* its id was seen before: only its states count */
};

/* samples_take(binding, subject, output): hands the sink a sample for each
 * meter on this row that has a value and whose condition the row meets. Meters
 * that total are counted in instead; a value that is no number, or a header
 * that a sum lacks, leaves its group without a total. A row is skipped if its
 * project is not wanted, if its owner is missing, or if it names no project
 * while a filter is set. */
void samples_take(const struct binding *binding, const struct subject *subject,
                  struct sample_output *output);

/* How a request has ended. */
struct outcome {
  long status; /* 0: no whole answer came */
  double seconds;
  uint64_t bytes; /* of the body */
};

/* samples_request(binding, outcome, output): the same for METER_REQUEST. No
 * filter applies. */
void samples_request(const struct binding *binding,
                     const struct outcome *outcome,
                     struct sample_output *output);

/* samples_worst(worst, output): sends, or counts, the states that waited. Call
 * it at the end of each page. */
void samples_worst(struct worst *worst, struct sample_output *output);

/* samples_totals(binding, before, output): hands the sink the totals: once,
 * behind a pass that was whole. A count or a sum over all records, of an owner,
 * or of a group that its meter lists is there even if there was nothing to
 * count. A total is left out if all records lack one of its fields, as those of
 * an older service do. A group that `before` had (the totals of the last such
 * pass, or NULL) and this pass has not is sent as 0 this once, unless some
 * groups found no room. False: there was no memory, and nothing is sent. */
bool samples_totals(const struct binding *binding, const struct totals *before,
                    struct sample_output *output);

#endif
