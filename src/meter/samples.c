#include "meter/samples.h"

#include "base/roster.h"
#include "base/text.h"
#include "meter/bound.h"
#include "meter/worst.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char ALL[] = "total"; /* what is of no group, and no record */

enum { STATE_TEXT = 64, GROUP_TEXT = 1024 };

static void take_note(struct sample_notes *notes, enum sample_note note,
                      const char *of, const char *what, const char *text) {
  char shown[64];
  if (notes->n[note]++ > 0)
    return;
  text_one_line(shown, sizeof(shown), text, strlen(text));
  snprintf(notes->example[note], sizeof(notes->example[note]), "%s: %s\"%s\"",
           of, what, shown);
}

/* null is "". */
static const char *word_of(const struct cell *cell) {
  const char *word = cell_word(cell);
  return word != NULL ? word : "";
}

/* The number for a text, and its row; the last row answers for all that is not
 * known. */
static double state_number(const struct bound_meter *bound,
                           const struct cell *cell, struct sample_notes *notes,
                           size_t *ret_rank) {
  if (cell->kind == CELL_NONE) /* an older service has no such field */
    return NAN;
  const char *text = word_of(cell);
  const struct state *states = bound->meter->states, *state = states;
  while (state->text != NULL && !text_lowers_to(text, state->text))
    state++;
  *ret_rank = (size_t)(state - states);
  if (state->text == NULL && isnan(state->number)) {
    char lower[STATE_TEXT];
    text_lower(lower, sizeof(lower), text);
    take_note(notes, NOTE_STATE, bound->meter->name, "unknown state ", lower);
  }
  return state->number;
}

/* What a header lacks is not known, and a sum without it is too low. */
static bool lacks_header(const struct meter *meter, double value,
                         struct sample_notes *notes) {
  bool lacks =
      isnan(value) && meter->of == METER_HEADERS && meter->total == TOTAL_SUM;
  if (lacks)
    take_note(notes, NOTE_NUMBER, meter->name, "no header ", meter->value);
  return lacks;
}

/* A row of cells, and what the expression read last gives of it: a meter and
 * its totals stand side by side and have the same one. */
struct reading {
  const struct cell *cells;
  const struct expr *expr; /* NULL: none yet */
  double value;
  const struct cell *below; /* one of its cells has a number below 0 */
};

static void read_expr(struct reading *reading, const struct expr *expr,
                      double now) {
  if (reading->expr == expr)
    return;
  reading->expr = expr;
  reading->value = expr_value(expr, reading->cells, now);
  reading->below = expr_below_zero(expr, reading->cells);
}

/* A record's number or NaN; `ret_odd`: that is no number, and not none. */
static double meter_value(const struct bound_meter *bound,
                          struct reading *reading, struct sample_output *output,
                          bool *ret_odd) {
  const struct meter *meter = bound->meter;
  read_expr(reading, bound->expr, output->now);
  const struct cell *below = meter->negative ? NULL : reading->below;
  double value = below == NULL ? reading->value : NAN;
  const struct cell *odd = isnan(value) && below == NULL
                               ? expr_odd(bound->expr, reading->cells)
                               : below;
  const char *text =
      odd != NULL && odd->kind != CELL_CONTAINER ? word_of(odd) : "{}";
  /* "unknown" and "infinite" of a pool say that there is no number. */
  if (odd != NULL && (meter->total != TOTAL_NONE || !text_is_word(text)))
    take_note(&output->notes, NOTE_NUMBER, meter->name, "", text);
  *ret_odd = odd != NULL || lacks_header(meter, value, &output->notes);
  for (size_t i = 0; i < meter->nskip; i++)
    if (value == meter->skip[i])
      return NAN;
  return value;
}

static void send_sample(size_t meter, const struct sample *sample,
                        struct sample_output *output) {
  size_t most = sample->meter->max_series;
  if (output->sent != NULL && most > 0 && output->sent[meter]++ >= most)
    output->refused++;
  else
    output->sink(output->arg, sample);
}

/* A record being taken: what its sample and its group's name are made of. */
struct taking {
  const struct subject *subject;
  struct sample sample;
  struct whose whose;
  struct reading reading;
};

/* The name of a record's group, which may be in `dst`; NULL: that of all.
 * False: it is in none. */
static bool find_group(const struct bound_meter *bound,
                       const struct whose *whose, char dst[GROUP_TEXT],
                       const char **ret) {
  *ret = NULL;
  if (bound->group.n == 0)
    return true;
  *ret = pieces_text(&bound->group, whose, dst, GROUP_TEXT);
  return *ret != NULL;
}

static struct total total_of(const struct bound_meter *bound, const char *group,
                             const struct sample *sample) {
  return (struct total){.series = bound->series,
                        .group = group,
                        .project = group != NULL ? sample->project : NULL,
                        .value = sample->value};
}

static void hand_on(const struct worst_state *state,
                    struct sample_output *output) {
  if (state->sample != NULL)
    send_sample(state->total.series, state->sample, output);
  else
    totals_add(output->totals, state->meter->total, &state->total);
}

/* Whose a record is, into `ret`; false: its owner is not there. */
static bool find_project(const struct binding *b, const struct subject *subject,
                         const struct sample_output *output, const char **ret) {
  const struct cell *cells = subject->cells;
  bool record = subject->of == METER_RECORD;
  *ret = subject->asked != NULL ? subject->asked->project : NULL;
  if (record && b->project >= 0)
    *ret = text_at(cells, b->project);
  if (record && *ret == NULL)
    *ret = text_at(cells, b->older_project);
  if (!record || b->owner < 0 || output->owners == NULL)
    return true;
  const char *id = text_at(cells, b->owner);
  const struct roster_entry *owner =
      id != NULL ? roster_find(output->owners, id) : NULL;
  if (owner != NULL)
    *ret = owner->project;
  return owner != NULL;
}

/* Does a filter let it through? One that belongs to a project and does not say
 * to which has nothing to be judged by. */
static bool is_wanted(const struct binding *b, const struct subject *subject,
                      const char *project, struct sample_output *output) {
  bool belongs =
      subject->of == METER_RECORD && (b->project >= 0 || b->owner >= 0);
  if (belongs && project == NULL) {
    take_note(&output->notes, NOTE_PROJECT, b->listing->name, "", subject->id);
    return output->wanted == NULL;
  }
  return output->wanted == NULL || output->wanted(output->wanted_arg, project);
}

static bool lacks_field(const struct bound_meter *bound,
                        const struct cell *cells, double value) {
  const struct pieces *group = &bound->group;
  for (size_t i = 0; i < group->n; i++)
    if (group->piece[i].source.from == FROM_CELL &&
        cells[group->piece[i].source.cell].kind == CELL_NONE)
      return true;
  return isnan(value) && bound->meter->total == TOTAL_SUM &&
         bound->expr != NULL && expr_lacks(bound->expr, cells);
}

/* For the total over no record that has its fields: it is not 0. The first
 * record that has them settles that. */
static bool is_settled(const struct bound_meter *bound,
                       const struct sample_output *output) {
  return output->met == NULL ||
         (output->met[bound->series] & MET_RECORD) != 0 ||
         bound->meter->total == TOTAL_NONE;
}

static void note_met(const struct bound_meter *bound, bool lacks,
                     struct sample_output *output) {
  output->met[bound->series] |= lacks ? MET_LACK : MET_RECORD;
}

static bool is_listed(const char *const *texts, const char *text) {
  for (; *texts != NULL; texts++)
    if (text_lowers_to(text, *texts))
      return true;
  return false;
}

/* Is the record one of the meter's, by its condition? */
static bool meets_condition(const struct bound_meter *bound,
                            const struct cell *cells,
                            struct sample_output *output) {
  const struct condition *when = &bound->meter->when;
  if (bound->when < 0)
    return true;
  const struct cell *cell = &cells[bound->when];
  const char *text = word_of(cell);
  bool meets = when->texts == NULL
                   ? cell->kind == CELL_CONTAINER || text[0] != '\0'
                   : is_listed(when->texts, text) != when->others;
  if (cell->kind != CELL_NONE && meets)
    return true;
  if (!is_settled(bound, output))
    note_met(bound, cell->kind == CELL_NONE, output);
  return false;
}

static bool is_unknown(const struct sample_output *output, size_t meter) {
  return output->met != NULL && output->met[meter] == MET_LACK;
}

static void take_number(const struct bound_meter *bound, struct taking *taking,
                        struct sample_output *output) {
  struct sample *sample = &taking->sample;
  const char *group;
  char text[GROUP_TEXT];
  bool odd = false;
  sample->value = bound->expr != NULL
                      ? meter_value(bound, &taking->reading, output, &odd)
                      : 1;
  bool none = isnan(sample->value);
  if (!is_settled(bound, output))
    note_met(bound, lacks_field(bound, taking->subject->cells, sample->value),
             output);
  if (none && !odd)
    return;
  if (sample->meter->total != TOTAL_NONE) {
    if (!find_group(bound, &taking->whose, text, &group))
      return;
    const struct total total = total_of(bound, group, sample);
    totals_add(output->totals, sample->meter->total, &total);
  } else if (!none) {
    send_sample(bound->series, sample, output);
  }
}

/* Another record of its id may have one. */
static void miss_state(const struct bound_meter *bound,
                       const struct subject *subject) {
  if (bound->state >= 0 && subject->worst != NULL && !subject->twin)
    worst_miss(subject->worst, bound->series, subject->hash);
}

/* Of records of one id the worst state counts: which it is is known when the
 * page has ended. */
static void take_state(const struct bound_meter *bound, struct taking *taking,
                       struct sample_output *output) {
  const struct subject *subject = taking->subject;
  const struct cell *cells = subject->cells;
  struct sample *sample = &taking->sample;
  struct worst_state state = {.meter = bound->meter, .hash = subject->hash};
  const char *group;
  char text[GROUP_TEXT];
  if (!is_settled(bound, output))
    note_met(bound, lacks_field(bound, cells, 0), output);
  sample->value =
      state_number(bound, &cells[bound->state], &output->notes, &state.rank);
  if (isnan(sample->value) ||
      !find_group(bound, &taking->whose, text, &group)) {
    miss_state(bound, subject);
    return;
  }
  state.total = total_of(bound, group, sample);
  state.sample = bound->meter->total == TOTAL_NONE ? sample : NULL;
  if (subject->twin)
    worst_compare(subject->worst, &state);
  else if (subject->worst == NULL || !worst_hold(subject->worst, &state))
    hand_on(&state, output);
}

/* Where a record has no name, or is none, the owner asked for may have one. */
static const char *name_of(const struct binding *b, const struct whose *whose,
                           bool record, char dst[GROUP_TEXT]) {
  const char *name = record && b->name.n > 0
                         ? pieces_text(&b->name, whose, dst, GROUP_TEXT)
                         : NULL;
  if (name != NULL && name[0] != '\0')
    return name;
  return !record && whose->asked != NULL ? whose->asked->name : NULL;
}

void samples_take(const struct binding *b, const struct subject *subject,
                  struct sample_output *output) {
  const struct cell *cells = subject->cells;
  bool record = subject->of == METER_RECORD;
  const struct asked *owner =
      b->listing->scope == LISTING_OWNER ? subject->asked : NULL;
  char name[GROUP_TEXT];
  struct taking taking = {
      .subject = subject,
      .sample = {.time = output->now,
                 .owner = owner != NULL ? owner->id : NULL,
                 .owner_name = owner != NULL ? owner->name : NULL,
                 .id = subject->id,
                 .interval_ms = output->interval_ms,
                 .user = record ? text_at(cells, b->user) : NULL,
                 .binding = b,
                 .cells = record ? cells : NULL},
      .whose = {.cells = cells, .asked = subject->asked, .words = true},
      .reading = {.cells = cells}};
  struct sample *sample = &taking.sample;
  if (!find_project(b, subject, output, &sample->project) ||
      !is_wanted(b, subject, sample->project, output))
    return;
  taking.whose.project = sample->project;
  taking.whose.user = sample->user;
  sample->name = name_of(b, &taking.whose, record, name);
  const struct bound_meter *bound = b->meters, *end = bound + b->nmeters;
  for (; bound < end; bound++) {
    sample->meter = bound->meter;
    if (sample->meter->of != subject->of)
      continue;
    if (!meets_condition(bound, cells, output))
      miss_state(bound, subject);
    else if (bound->state >= 0)
      take_state(bound, &taking, output);
    else if (!subject->twin)
      take_number(bound, &taking, output);
  }
}

/* What has not come has no length, and took no time that says anything. */
static void request_cell(struct cell *cell, const char *field,
                         const struct outcome *outcome) {
  double number = NAN;
  *cell = (struct cell){.kind = CELL_NONE};
  if (strcmp(field, REQUEST_STATUS) == 0)
    number = (double)outcome->status;
  else if (outcome->status > 0 && strcmp(field, REQUEST_SECONDS) == 0)
    number = outcome->seconds;
  else if (outcome->status > 0 && strcmp(field, REQUEST_BYTES) == 0)
    number = (double)outcome->bytes;
  if (isnan(number))
    return;
  cell->len = (size_t)snprintf(cell->text, sizeof(cell->text), "%.15g", number);
  cell->kind = CELL_NUMBER;
}

void samples_request(const struct binding *b, const struct outcome *outcome,
                     struct sample_output *output) {
  struct cell cells[REQUEST_FIELDS];
  const struct row *row = &b->rows[METER_REQUEST];
  for (size_t i = 0; i < row->n && i < REQUEST_FIELDS; i++)
    request_cell(&cells[i], row->fields[i].path, outcome);
  samples_take(
      b, &(struct subject){.of = METER_REQUEST, .cells = cells, .id = ALL},
      output);
}

void samples_worst(struct worst *worst, struct sample_output *output) {
  const struct worst_state *state;
  for (size_t i = 0; (state = worst_get(worst, i)) != NULL; i++)
    hand_on(state, output);
  worst_empty(worst);
}

static void send_total(const struct binding *b, const struct total *total,
                       double value, struct sample_output *output) {
  const struct sample sample = {.meter = b->meters[total->series].meter,
                                .value = value,
                                .time = output->now,
                                .id = total->group != NULL ? total->group : ALL,
                                .interval_ms = output->interval_ms,
                                .project = total->project,
                                .binding = b};
  if (!isnan(value))
    send_sample(total->series, &sample, output);
}

/* Without records a count and a sum are 0; a minimum and a maximum do not
 * exist. */
static bool begins_at_zero(const struct meter *meter) {
  return meter->total == TOTAL_COUNT || meter->total == TOTAL_SUM;
}

/* A 0 for each owner that has nothing, behind the group's literal. */
static void zero_owners(const struct bound_meter *bound,
                        struct sample_output *output) {
  const char *literal = bound->group.piece[0].text;
  char group[GROUP_TEXT];
  for (size_t i = 0; output->owners != NULL && i < output->owners->n; i++) {
    const struct roster_entry *owner = &output->owners->entries[i];
    int len = snprintf(group, sizeof(group), "%s%s",
                       literal != NULL ? literal : "", owner->id);
    if (len < (int)sizeof(group))
      totals_zero(output->totals, &(struct total){.series = bound->series,
                                                  .group = group,
                                                  .project = owner->project});
  }
}

static void zero_listed(size_t meter, const char *const *groups,
                        struct sample_output *output) {
  for (; groups != NULL && *groups != NULL; groups++)
    totals_zero(output->totals,
                &(struct total){.series = meter, .group = *groups});
}

/* For messages: the field that no record has. */
static const char *lacking_field(const struct meter *meter) {
  if (meter->when.field != NULL)
    return meter->when.field;
  return meter->value != NULL ? meter->value : meter->group;
}

/* An empty listing is known to be empty. A missing header is not known. */
static void zero_groups(const struct binding *b, struct sample_output *output) {
  for (size_t i = 0; i < b->nmeters; i++) {
    const struct bound_meter *bound = &b->meters[i];
    const struct meter *meter = bound->meter;
    if (is_unknown(output, i))
      take_note(&output->notes, NOTE_FIELD, meter->name, "",
                lacking_field(meter));
    if (!begins_at_zero(meter) || meter->of != METER_RECORD ||
        is_unknown(output, i))
      continue;
    const struct source *source = &bound->group.piece[0].source;
    if (bound->group.n == 0)
      totals_zero(output->totals, &(struct total){.series = i});
    else if (bound->group.n == 1 && source->from == FROM_CELL &&
             source->cell == b->owner)
      zero_owners(bound, output);
    zero_listed(i, meter->groups, output);
  }
}

bool samples_totals(const struct binding *b, const struct totals *before,
                    struct sample_output *output) {
  struct total total;
  zero_groups(b, output);
  if (totals_broken(output->totals))
    return false;
  for (size_t i = 0; totals_get(output->totals, i, &total); i++)
    send_total(b, &total, total.value, output);
  /* What found no room is not gone. */
  if (totals_refused(output->totals) > 0)
    return true;
  for (size_t i = 0; totals_get(before, i, &total); i++)
    if (begins_at_zero(b->meters[total.series].meter) &&
        !is_unknown(output, total.series) &&
        !totals_has(output->totals, total.series, total.group))
      send_total(b, &total, 0, output);
  return true;
}
