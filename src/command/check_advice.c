/* What mends what a check has found: the step to take, the line to write. */
#include "command/check.h"

#include "config/custom_meters.h"
#include "meter/meter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is left out ---------------------------------------------------- */

static bool is_bad(const struct check_row *row) {
  return row->state == CHECK_REFUSED || row->state == CHECK_ABSENT;
}

/* Nothing of it can be had, in no region; or nobody asked for it, of a service
 * that the catalogue lacks. */
static bool is_lost(const struct check *check, const struct listing *listing) {
  bool asked = false, unlisted = false;
  for (size_t i = 0; i < check->nrows; i++) {
    const struct check_row *row = &check->rows[i];
    if (row->listing == listing && !is_bad(row))
      return false;
    asked = asked || row->listing == listing;
    unlisted = unlisted || (row->unlisted && strcmp(row->listing->service,
                                                    listing->service) == 0);
  }
  return asked || unlisted;
}

static const struct meter *meter_at(const struct check *check, size_t i) {
  return &check->config->meters[i].meter;
}

/* Does it match nothing that works, or might if it were chosen? */
static bool spares(const struct check *check, const char *pattern) {
  size_t n = custom_meters_count(check->all);
  for (size_t i = 0; i < n; i++) {
    const struct meter *meter = custom_meters_get(check->all, i);
    if (text_match(pattern, meter->name) && !is_lost(check, meter->from))
      return false;
  }
  return true;
}

/* Does it match another meter, too? */
static bool is_shared(const struct check *check, const char *pattern) {
  size_t n = 0;
  for (size_t i = 0; i < check->config->nmeters; i++)
    n += text_match(pattern, meter_at(check, i)->name);
  return n > 1;
}

/* "dns.*", or more of the name if that is more than what is lost. */
static char *pattern_of(const struct check *check, const char *name) {
  for (const char *dot = strchr(name, '.'); dot != NULL;
       dot = strchr(dot + 1, '.')) {
    char *pattern = text_printf("%.*s.*", (int)(dot - name), name);
    if (pattern == NULL || spares(check, pattern))
      return pattern;
    free(pattern);
  }
  char *pattern = text_printf("%s*", name);
  if (pattern != NULL && is_shared(check, pattern) && spares(check, pattern))
    return pattern;
  free(pattern);
  return strdup(name);
}

static bool is_matched(const struct text_list *patterns, const char *name) {
  for (size_t i = 0; i < patterns->n; i++)
    if (text_match(patterns->items[i], name))
      return true;
  return false;
}

/* A configuration that leaves no meter is refused. */
static bool leaves_some(const struct check *check) {
  for (size_t i = 0; i < check->config->nmeters; i++)
    if (!is_lost(check, meter_at(check, i)->from))
      return true;
  return false;
}

void check_left_out(const struct check *check, const struct listing *listing,
                    struct text_list *ret) {
  for (size_t i = 0; leaves_some(check) && i < check->config->nmeters; i++) {
    const struct meter *meter = meter_at(check, i);
    if ((listing != NULL && meter->from != listing) ||
        !is_lost(check, meter->from) || is_matched(ret, meter->name))
      continue;
    char *pattern = pattern_of(check, meter->name);
    if (pattern == NULL || !text_list_add(ret, pattern))
      free(pattern);
  }
}

/* ---- a listing ----------------------------------------------------------- */

/* `, or write Meter "!dns.*"`. */
static void put_left_out(const struct check *check, const struct check_row *row,
                         char *dst, size_t size) {
  struct text_list patterns = {0};
  check_left_out(check, row->listing, &patterns);
  for (size_t i = 0; i < patterns.n && i < 3; i++) {
    text_join(dst, size,
              dst[0] == '\0' ? ""
              : i == 0       ? ", or "
                             : ", ",
              i == 0 ? "write Meter \"!" : "Meter \"!");
    text_join(dst, size, "", patterns.items[i]);
    text_join(dst, size, "", "\"");
  }
  if (patterns.n > 3)
    text_join(dst, size, " ", "and so on, see below");
  text_list_clear(&patterns);
}

static void put_refused(const struct check *check, const struct check_row *row,
                        char *dst, size_t size) {
  const char *the, *needs = listing_needs(row->listing, &the);
  text_join(dst, size, "", "give the user ");
  text_join(dst, size, "", the);
  text_join(dst, size, "", needs);
  put_left_out(check, row, dst, size);
}

static void put_absent(const struct check *check, const struct check_row *row,
                       char *dst, size_t size) {
  char line[200];
  put_left_out(check, row, dst, size);
  if (!row->unlisted)
    return;
  snprintf(line, sizeof(line), "%sEndpoint \"%s\" \"URL\" where it is",
           dst[0] == '\0' ? "write " : ", or ", row->listing->service);
  text_join(dst, size, "", line);
}

/* A check has less patience than the plugin. */
static bool hung(const struct check *check, const struct check_row *row) {
  return row->state == CHECK_BROKEN &&
         check->config->http.timeout_ms < check->timeout_ms &&
         row->cost.seconds * 1000 >= (double)check->config->http.timeout_ms;
}

static void put_hung(const struct check *check, char *dst, size_t size) {
  snprintf(dst, size,
           "a check waits %.15g s for an answer; Timeout lets the plugin wait "
           "%.15g s",
           (double)check->config->http.timeout_ms / 1000,
           (double)check->timeout_ms / 1000);
}

static void put_rights(const struct check_row *row, char *dst, size_t size) {
  if (!row->few_rights)
    return;
  text_join(dst, size, "", "give the user the role ");
  text_join(dst, size, "", row->listing->role);
}

static bool fits(const struct check_row *row) {
  return !row->late &&
         row->cost.seconds * 1000 <= (double)INTERVAL_SHARE(row->interval_ms);
}

/* A round number, that is enough with some room. */
static double interval_for(double seconds) {
  double least = seconds / 0.8;
  return least > 60 ? ceil(least / 60) * 60 : ceil(least);
}

static const struct cloud_meter *first_meter(const struct check *check,
                                             const struct listing *listing) {
  size_t i = 0;
  while (meter_at(check, i)->from != listing)
    i++;
  return &check->config->meters[i];
}

static void put_slow(const struct check *check, const struct check_row *row,
                     char *dst, size_t size) {
  char line[300];
  if (fits(row))
    return;
  double seconds = row->cost.seconds * (row->late ? 4 : 1);
  snprintf(line, sizeof(line),
           "a cycle takes %s %.1f s of every %.15g s: write Interval %.0f in a "
           "block <Meter \"%s\">, and for the others of its listing",
           row->late ? "over" : "about", row->cost.seconds,
           (double)row->interval_ms / 1000, interval_for(seconds),
           first_meter(check, row->listing)->meter.name);
  text_join(dst, size, "; ", line);
}

/* Names repeat: the format lacks what tells them apart. */
static void put_clashes(const struct check *check, const struct check_row *row,
                        char *dst, size_t size) {
  const struct cloud_style *style = &first_meter(check, row->listing)->style;
  const struct name_format *instance = &style->instance;
  if (row->clashes == 0)
    return;
  if (name_format_has(instance, NAME_ID))
    text_join(dst, size, "; ",
              "rename one of each: writers take two bytes of their names for "
              "one");
  else if (name_format_has(instance, NAME_PROJECT_NAME) ||
           name_format_has(instance, NAME_PROJECT) ||
           row->listing->project == NULL)
    text_join(dst, size, "; ", "write PluginInstanceFormat \"name id\"");
  else
    text_join(dst, size, "; ",
              "write PluginInstanceFormat \"project_name name\", or \"name "
              "id\"");
}

void check_advice(const struct check *check, const struct check_row *row,
                  char *dst, size_t size) {
  dst[0] = '\0';
  if (row->state == CHECK_REFUSED) {
    put_refused(check, row, dst, size);
  } else if (row->state == CHECK_ABSENT) {
    put_absent(check, row, dst, size);
  } else if (hung(check, row)) {
    put_hung(check, dst, size);
  } else {
    put_rights(row, dst, size);
    put_slow(check, row, dst, size);
    put_clashes(check, row, dst, size);
  }
}

/* ---- all requests -------------------------------------------------------- */

double check_rate(const struct check *check) {
  double rate = 0;
  for (size_t i = 0; i < check->nrows; i++)
    rate += check->rows[i].cost.requests * 1000 /
            (double)INTERVAL_SHARE(check->rows[i].interval_ms);
  return rate;
}

/* By the interval of most of its requests. */
static int64_t busiest(const struct check *check) {
  int64_t at = 0, most = 0;
  double need = 0;
  while ((at = check_interval(check, at)) > 0) {
    struct check_cost cost;
    check_cost(check, at, &cost);
    if (cost.requests / (double)at > need) {
      need = cost.requests / (double)at;
      most = at;
    }
  }
  return most;
}

void check_rate_advice(const struct check *check, char *dst, size_t size) {
  double most = check->config->request_rate, need = check_rate(check);
  dst[0] = '\0';
  if (most <= 0 || need <= most)
    return;
  double seconds = (double)busiest(check) / 1000;
  snprintf(dst, size,
           "the cycles need %.3g requests in a second, and MaxRequestRate lets "
           "%.15g through: write Interval %.0f instead of %.15g, or "
           "MaxRequestRate %.0f",
           need, most, interval_for(seconds * need / most * 0.8), seconds,
           ceil(need));
}
