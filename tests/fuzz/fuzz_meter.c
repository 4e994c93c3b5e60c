/* Any row that an operator can write, on any answer: no crash, and no sample
 * that is no number or nobody's.
 * Input: four lines (id, value, record, metadata), then the answer. */
#include "fuzz.h"
#include "meter/pieces.h"
#include "meter/samples.h"
#include "meter/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct run {
  struct binding *binding;
  struct sample_output output;
};

static void on_sample(void *arg, const struct sample *sample) {
  (void)arg;
  const char *name, *text;
  CLAIM(isfinite(sample->value) && sample->id[0] != '\0');
  CLAIM(sample->project == NULL || sample->project[0] != '\0');
  for (size_t i = 0; sample_metadata(sample, i, &name, &text); i++)
    CLAIM(name[0] != '\0' && (text == NULL || strlen(text) < CELL_TEXT));
}

static int on_record(void *arg, const struct cell *cells) {
  struct run *run = arg;
  static const struct asked asked = {.id = "p", .name = "n", .project = "p"};
  char text[300];
  const char *id = binding_id(run->binding, cells, &asked, text, sizeof(text));
  if (id == NULL)
    return 0;
  const struct subject subject = {
      .of = METER_RECORD, .cells = cells, .id = id, .asked = &asked};
  samples_take(run->binding, &subject, &run->output);
  binding_marker(run->binding, cells);
  return 0;
}

static void read_answer(struct run *run, const struct listing *listing,
                        const char *answer) {
  struct error err = {0};
  struct extract_group group = {.record = listing->record,
                                .on_record = on_record};
  group.fields = binding_fields(run->binding, METER_RECORD, &group.nfields);
  struct extract *x = extract_new(&group, 1, run, &err);
  CLAIM(x != NULL || err.code == ERROR_CONFIG);
  if (x != NULL && extract_begin(x, &err) == 0 &&
      extract_feed(x, answer, strlen(answer), &err) == 0 &&
      extract_finish(x, &err) == 0)
    samples_totals(run->binding, NULL, &run->output);
  extract_free(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct state states[] = {{"up", 1},
                                        {.text = NULL, .number = NAN}};
  char *text = strndup((const char *)data, size), *rest = text;
  CLAIM(text != NULL);
  const char *lines[4];
  for (size_t i = 0; i < 4; i++)
    lines[i] = rest != NULL ? strsep(&rest, "\n") : "";
  const char *metadata[] = {lines[3], NULL};
  const struct listing listing = {.name = "l",
                                  .record = lines[2],
                                  .id = lines[0],
                                  .project = "p",
                                  .metadata = lines[3][0] ? metadata : NULL};
  const struct meter meters[] = {
      {.name = "m", .from = &listing, .value = lines[1]},
      {.name = "s", .from = &listing, .value = "s", .states = states},
      {.name = "t", .from = &listing, .total = TOTAL_COUNT, .group = lines[0]}};
  const struct meter *list[] = {&meters[0], &meters[1], &meters[2]};
  struct error err = {0};
  struct run run = {.output = {.sink = on_sample, .totals = totals_new()}};
  run.binding = binding_new(&listing, list, 3, true, &err);
  CLAIM(run.binding != NULL || err.code == ERROR_CONFIG);
  if (run.binding != NULL)
    read_answer(&run, &listing, rest != NULL ? rest : "");
  binding_free(run.binding);
  totals_free(run.output.totals);
  free(text);
  return 0;
}
