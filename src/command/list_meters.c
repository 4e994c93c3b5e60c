/*
 * list_meters - collectd-openstack meters: what can be had
 */
#include "command/command.h"

#include "base/text.h"
#include "command/json.h"
#include "meter/name_format.h"
#include "report/log.h"

#include <stdio.h>

static const char *choice_words(enum meter_choice choice) {
  static const char *const words[] = {[CHOICE_ALWAYS] = "default",
                                      [CHOICE_PATTERN] = "by pattern",
                                      [CHOICE_NAME] = "by name"};
  return words[choice];
}

static const char *or_dash(const char *text) {
  return text != NULL ? text : "-";
}

static const char *rights_of(const struct listing *listing) {
  return listing->needs != NULL ? listing->needs : listing->role;
}

/* "GET image /v2/images" and for whom. */
static void write_request(const struct meter *meter, char *dst, size_t size) {
  const struct listing *listing = meter->from;
  const char *each =
      listing->scope != LISTING_CLOUD ? listing_asked(listing) : NULL;
  snprintf(dst, size, "%s %s%s%s", listing->service, listing->path,
           each != NULL ? " for each " : "", each != NULL ? each : "");
}

static void put_row(const struct meter *meter) {
  char request[300];
  write_request(meter, request, sizeof(request));
  printf("%-44s %-10s %-8s %-10s %s; %s\n", meter->name, or_dash(meter->unit),
         or_dash(meter->since), choice_words(meter->choice), request,
         or_dash(rights_of(meter->from)));
}

static void put_json(const struct meter *meter, bool first) {
  char request[300];
  write_request(meter, request, sizeof(request));
  fputs(first ? "[\n" : ",\n", stdout);
  json_open();
  json_text("meter", meter->name);
  json_text("unit", meter->unit);
  json_text("type", meter_type(meter));
  json_text("listing", meter->from->name);
  json_text("request", request);
  json_text("rights", rights_of(meter->from));
  json_text("since", meter->since);
  json_text("chosen", choice_words(meter->choice));
  json_close();
}

int command_meters(const struct command_line *line) {
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  int status = line->has_source ? load_options(&line->source, &options) : 0;
  const char *pattern = line->argument != NULL ? line->argument : "*";
  size_t found = 0, n = custom_meters_count(&options.custom);
  bool json = line->form == FORM_JSON;
  for (size_t i = 0; status == 0 && i < n; i++) {
    const struct meter *meter = custom_meters_get(&options.custom, i);
    if (!text_match(pattern, meter->name))
      continue;
    if (json)
      put_json(meter, found == 0);
    else
      put_row(meter);
    found++;
  }
  if (json && status == 0)
    puts(found > 0 ? "\n]" : "[]");
  plugin_options_clear(&options);
  if (status != 0)
    return STATUS_USAGE;
  if (found > 0)
    return STATUS_GOOD;
  log_error("no meter is called \"%s\": \"collectd-openstack meters\" lists "
            "all",
            pattern);
  return STATUS_USAGE;
}
