/*
 * record - collectd-openstack record: one cycle, with all its answers
 */
#include "command/command.h"

#include "base/clock.h"
#include "base/text.h"
#include "command/conf_copy.h"
#include "command/recorder.h"
#include "command/recording.h"
#include "command/values.h"
#include "report/log.h"

#include <stdlib.h>
#include <string.h>

struct recording {
  struct conf_copy copy;
  struct scrub scrub;
  struct recorder *recorder;
  struct text_list clouds; /* their names, to which the recorder points */
};

/* What the configuration holds, before anybody asks with it. */
static int learn_secrets(struct scrub *scrub,
                         const struct plugin_options *options,
                         struct error *err) {
  for (size_t i = 0; i < options->nclouds; i++) {
    const struct cloud_config *c = options->clouds[i];
    const char *const secrets[] = {
        c->session.password, c->session.credential_secret, c->session.token,
        c->access.s3_access_key, c->access.s3_secret_key};
    for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
      if (!scrub_learn(scrub, secrets[j]))
        return error_memory(err);
  }
  return 0;
}

/* Only now the words that stay are known. */
static int make_disguise(struct recording *r,
                         const struct plugin_options *options,
                         struct error *err) {
  struct disguise *disguise = disguise_new();
  if (disguise == NULL)
    return error_memory(err);
  disguise_keep_words(disguise);
  for (size_t i = 0; i < options->nclouds; i++)
    disguise_keep_meters(disguise, options->clouds[i]);
  conf_copy_patterns(&r->copy, disguise);
  r->scrub.disguise = disguise;
  return 0;
}

static void on_cloud(void *arg, const struct cloud_config *config) {
  struct recording *r = arg;
  char *name = scrub_text(&r->scrub, config->name, strlen(config->name));
  bool kept = name != NULL && text_list_add(&r->clouds, name);
  recorder_cloud(r->recorder, kept ? name : "");
  if (!kept)
    free(name);
}

static int write_conf(struct recording *r, struct error *err) {
  FILE *out = recorder_file(r->recorder, RECORDING_CONF, err);
  if (out == NULL)
    return -1;
  int status = conf_copy_write(&r->copy, &r->scrub, out);
  bool lost = ferror(out) != 0;
  if (fclose(out) != 0 || lost)
    return error_set(err, ERROR_CONFIG, RECORDING_CONF " cannot be written");
  return status == 0 ? 0 : error_memory(err);
}

/* The cycle, and then what belongs to all of it. */
static int run(struct recording *r, struct plugin_options *options,
               const struct command_line *line, struct error *err) {
  size_t sent = 0;
  const struct values_wanted wanted = {.form = line->form,
                                       .cloud = line->cloud,
                                       .silent = line->form == FORM_TABLE,
                                       .ret_sent = &sent,
                                       .begin = on_cloud,
                                       .arg = r};
  int64_t wall_ms = (int64_t)(clock_wall() * 1000);
  r->recorder = recorder_new(line->argument, &r->scrub, wall_ms, err);
  if (r->recorder == NULL)
    return STATUS_USAGE;
  tape_begin(recorder_tape(r->recorder), wall_ms);
  int status = values_print(options, &wanted);
  tape_begin(NULL, 0);
  long n = write_conf(r, err) == 0 ? recorder_finish(r->recorder, err) : -1;
  if (n < 0)
    return STATUS_BAD;
  if (line->form == FORM_TABLE)
    printf("%s: %ld exchanges, %zu values\n", line->argument, n, sent);
  return status;
}

int command_record(const struct command_line *line) {
  struct recording r = {.recorder = NULL};
  struct command_line own = *line;
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  struct error err = {0};
  own.source.copy = &r.copy;
  int status = load_options(&own.source, &options) != 0 ? STATUS_USAGE : 0;
  if (status == 0) {
    if (learn_secrets(&r.scrub, &options, &err) != 0 ||
        (line->anonymous && make_disguise(&r, &options, &err) != 0))
      status = STATUS_BAD;
    else
      status = run(&r, &options, line, &err);
    if (err.code != ERROR_NONE)
      log_error("%s", err.text);
  }
  recorder_free(r.recorder);
  plugin_options_clear(&options);
  disguise_free(r.scrub.disguise);
  scrub_clear(&r.scrub);
  conf_copy_clear(&r.copy);
  text_list_clear(&r.clouds);
  return status;
}
