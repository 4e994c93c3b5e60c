#include "command/values.h"

#include "command/cycle.h"
#include "command/ears.h"
#include "command/json.h"
#include "report/log.h"

#include <stdio.h>
#include <string.h>

struct output {
  enum command_form form;
  bool silent;
  size_t sent; /* values so far */
};

/* The only types of the meters beside gauges. */
static bool counts_up(const struct host_value *value) {
  return strcmp(value->type, "derive") == 0;
}

static void put_row(const struct host_value *value) {
  const struct meta_texts *texts = meta_texts(value->meta);
  const char *unit = "", *name = "";
  for (size_t i = 0; i < texts->n; i++) {
    if (strcmp(texts->items[i].key, "unit") == 0)
      unit = texts->items[i].text;
    if (strcmp(texts->items[i].key, "name") == 0)
      name = texts->items[i].text;
  }
  printf("%-16s %-36s %-36s %15.15g %s%s%s%s\n", value->host, value->instance,
         value->type_instance, value->number, unit,
         counts_up(value) ? " (counts up; collectd makes a rate of it)" : "",
         name[0] != '\0' ? "  " : "", name);
}

/* https://collectd.org/documentation/manpages/collectd-unixsock.html */
static void put_putval(const struct host_value *value) {
  printf("PUTVAL \"%s/openstack-%s/%s-%s\" interval=%.3f %.3f:%.15g\n",
         value->host, value->instance, value->type, value->type_instance,
         (double)value->interval_ms / 1000, value->time, value->number);
}

static void put_json(const struct host_value *value, bool first) {
  const struct meta_texts *texts = meta_texts(value->meta);
  fputs(first ? "[\n" : ",\n", stdout);
  json_open();
  json_text("host", value->host);
  json_text("plugin", "openstack");
  json_text("plugin_instance", value->instance);
  json_text("type", value->type);
  json_text("type_instance", value->type_instance);
  json_number("value", value->number);
  json_number("time", value->time);
  json_number("interval", (double)value->interval_ms / 1000);
  json_open_in("meta");
  for (size_t i = 0; i < texts->n; i++)
    json_text(texts->items[i].key, texts->items[i].text);
  json_close();
  json_close();
}

static void on_value(void *arg, const struct host_value *value) {
  struct output *output = arg;
  if (output->silent)
    ;
  else if (output->form == FORM_JSON)
    put_json(value, output->sent == 0);
  else if (output->form == FORM_PUTVAL)
    put_putval(value);
  else
    put_row(value);
  output->sent++;
}

/* 0, 1 or -1, as cycle_run(); what is not asked for is 0. */
static int run_cloud(struct cloud_config *config,
                     const struct values_wanted *wanted, size_t *ret_meters) {
  struct error err;
  const struct cycle_options options = {0};
  const char *pattern = wanted->pattern != NULL ? wanted->pattern : "*";
  if (wanted->cloud != NULL && strcmp(wanted->cloud, config->name) != 0)
    return 0;
  if (wanted->begin != NULL)
    wanted->begin(wanted->arg, config);
  size_t n = cycle_choose(config, pattern);
  *ret_meters += n;
  if (n == 0)
    return 0;
  int status = cycle_run(config, &options, &err);
  if (status < 0)
    log_error("cloud \"%s\": %s", config->name, err.text);
  return status;
}

static int run_clouds(struct plugin_options *options,
                      const struct values_wanted *wanted) {
  int status = STATUS_GOOD;
  size_t meters = 0;
  for (size_t i = 0; i < options->nclouds; i++)
    if (run_cloud(options->clouds[i], wanted, &meters) != 0)
      status = STATUS_BAD;
  if (meters > 0)
    return status;
  if (wanted->pattern == NULL)
    load_no_cloud(options, wanted->cloud);
  else
    log_error("no chosen meter is called \"%s\": choose it with the option "
              "Meter; \"collectd-openstack meters\" lists all",
              wanted->pattern);
  return STATUS_USAGE;
}

int values_print(struct plugin_options *options,
                 const struct values_wanted *wanted) {
  struct output output = {.form = wanted->form, .silent = wanted->silent};
  const struct ears ears = {.value = on_value, .arg = &output};
  ears_open(&ears);
  int status = run_clouds(options, wanted);
  ears_open(NULL);
  if (wanted->form == FORM_JSON && !wanted->silent && status != STATUS_USAGE)
    puts(output.sent > 0 ? "\n]" : "[]");
  if (wanted->ret_sent != NULL)
    *wanted->ret_sent = output.sent;
  return status;
}

int command_values(const struct command_line *line) {
  struct command_line own = *line;
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  const struct values_wanted wanted = {
      .form = line->form, .pattern = line->argument, .cloud = line->cloud};
  own.source.meter = line->argument;
  int status = load_options(&own.source, &options) != 0 ? STATUS_USAGE : 0;
  if (status == 0)
    status = values_print(&options, &wanted);
  plugin_options_clear(&options);
  return status;
}
