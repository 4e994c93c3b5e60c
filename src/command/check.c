/*
 * check - collectd-openstack check: what works, what it costs, and why not
 *
 * A cycle of first pages, one project of a listing per project. What it would
 * have logged, and what its walks told, becomes a row for each listing.
 */
#include "command/check.h"

#include "base/clock.h"
#include "command/command.h"
#include "command/cycle.h"
#include "command/ears.h"
#include "keystone/session.h"
#include "report/log.h"
#include "walk/walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seconds: an answer may have been on its way for as long. */
#define CLOCK_OFF_MOST 60
/* One service that hangs must not hold up the report of all others. */
#define TIMEOUT_MOST_MS 10000

/* A check under way. */
struct checking {
  struct check check;
  struct text_list lines; /* since the last row */
  size_t series;          /* the same */
  int64_t begun_ms;
  size_t asked;
  bool progress, shown, over;
};

/* ---- what the cycle tells ------------------------------------------------ */

static void keep_line(struct text_list *lines, const char *line) {
  char *copy = strdup(line);
  if (copy == NULL || !text_list_add(lines, copy))
    free(copy);
}

/* Which cloud it is of, the report tells elsewhere. */
static const char *without_cloud(const struct checking *c, const char *line) {
  char prefix[200];
  snprintf(prefix, sizeof(prefix), "cloud \"%s\": ", c->check.config->name);
  size_t len = strlen(prefix);
  return strncmp(line, prefix, len) == 0 ? line + len : line;
}

static void on_line(void *arg, enum host_level level, const char *line) {
  struct checking *c = arg;
  if (level != LEVEL_INFO)
    keep_line(&c->lines, without_cloud(c, line));
}

static void on_value(void *arg, const struct host_value *value) {
  struct checking *c = arg;
  c->series += !value->of_walk;
}

/* The one project that was asked has nothing; the others were not asked. */
static bool is_void(const struct walk_summary *summary) {
  return summary->nasked > 1 && summary->pass.asked == 1 &&
         summary->pass.absent == 1;
}

static enum check_state state_of(const struct walk_summary *summary,
                                 const struct listing *listing,
                                 const struct error *err) {
  if (err == NULL)
    return summary->ran && summary->pass.records == 0 && listing->record != NULL
               ? CHECK_EMPTY
               : CHECK_WORKS;
  if (err->code == ERROR_DENIED ||
      (err->code == ERROR_ABSENT && err->detail == 403))
    return CHECK_REFUSED;
  if (err->code == ERROR_ABSENT)
    return CHECK_ABSENT;
  return is_void(summary) ? CHECK_EMPTY : CHECK_BROKEN;
}

/* From one page to all, and from one project to all of them. */
static struct check_cost cost_of(const struct checking *c,
                                 const struct walk_summary *s) {
  const struct pass_result *pass = &s->pass;
  double each = s->nasked > 1 ? (double)s->nasked : 1;
  bool more = pass->more && pass->records > 0;
  bool counted = more && pass->listed > 0;
  /* So many times those of the first page; if it is not counted, the next one
   * may be empty. */
  double records = counted ? pass->listed / (double)pass->records : 1;
  double pages = more && !counted ? 2 : ceil(records);
  double side = each > 1 ? (double)c->check.config->http.width : 1;
  return (struct check_cost){.requests = (double)s->requests * pages * each,
                             .seconds = (double)s->duration_ms / 1000 * pages *
                                        fmax(1, each / side),
                             .series = (double)c->series * records * each,
                             .bytes = (double)pass->bytes * records * each,
                             .least = pass->more && !(pass->listed > 0)};
}

/* One line tells of a login, and one of a region, what is wrong with all. */
static bool is_of_cloud(const struct error *err) {
  return err != NULL && (err->code == ERROR_LOGIN || err->code == ERROR_REGION);
}

static void move_lines(struct text_list *from, struct text_list *to) {
  for (size_t i = 0; i < from->n; i++)
    keep_line(to, from->items[i]);
  text_list_clear(from);
}

static struct check_row *add_row(struct check *check) {
  struct check_row *grown =
      realloc(check->rows, (check->nrows + 1) * sizeof(*grown));
  if (grown == NULL)
    return NULL;
  check->rows = grown;
  return &grown[check->nrows++];
}

static void on_end(void *arg, const struct listing *listing,
                   const struct walk_summary *summary, const struct error *err,
                   size_t clashes) {
  struct checking *c = arg;
  if (is_of_cloud(err)) {
    move_lines(&c->lines, &c->check.lines);
    c->over = c->over || err->code == ERROR_LOGIN;
    return;
  }
  struct check_row *row = add_row(&c->check);
  if (row == NULL)
    return;
  *row = (struct check_row){
      .listing = listing,
      .region = summary->region != NULL ? strdup(summary->region) : NULL,
      .state = state_of(summary, listing, err),
      .unlisted = err != NULL && err->code == ERROR_ABSENT && summary->unasked,
      .few_rights = summary->ran && summary->few_rights,
      .records = summary->pass.records,
      .more = summary->pass.more,
      .listed = summary->pass.listed,
      .nasked = summary->nasked,
      .clashes = clashes,
      .late = err != NULL && err->code == ERROR_DEADLINE,
      .interval_ms = summary->interval_ms,
      .cost = cost_of(c, summary)};
  if (row->state == CHECK_EMPTY && err != NULL)
    text_list_clear(&c->lines); /* of one project; the plugin asks all */
  move_lines(&c->lines, &row->lines);
  if (row->state == CHECK_BROKEN && row->lines.n == 0)
    keep_line(&row->lines, err->text); /* once in the log, for several */
  c->series = 0;
}

/* ---- progress ------------------------------------------------------------ */

static void clear_progress(struct checking *c) {
  if (c->shown)
    fputs("\r\033[K", stderr);
  c->shown = false;
}

/* False: it makes no sense to go on. */
static bool on_next(void *arg, const struct listing *listing) {
  struct checking *c = arg;
  c->asked++;
  if (c->progress && clock_ms() - c->begun_ms > 1000) {
    clear_progress(c);
    fprintf(stderr, "%s: %s (%zu of %zu listings)", c->check.config->name,
            listing->name, c->asked, c->check.listings);
    fflush(stderr);
    c->shown = true;
  }
  return !c->over;
}

/* ---- the cloud ----------------------------------------------------------- */

static void note_login(struct check *check, struct session *session) {
  struct login_project project;
  struct error err;
  check->url = strdup(session_url(session));
  bool failed = session_trouble(session, &err);
  check->login = session_logins(session) > 0 && !failed;
  if (failed && err.code == ERROR_LOGIN && err.detail == 401)
    check->advice = check_login(check->config, check->url);
  if (!check->login)
    return;
  session_project(session, &project);
  check->project = text_printf("%s%s%s", project.name,
                               project.name[0] != '\0' ? " of domain " : "",
                               project.domain_name);
  check->roles = session_roles(session);
  check->regions = session_regions(session);
}

/* Ages are counted from what a service dates. */
static void note_clock(struct check *check, struct session *session) {
  double ahead = session_ahead(session);
  if (!check->login || fabs(ahead) < CLOCK_OFF_MOST)
    return;
  char *line = text_printf("the clock here is %.0f s %s Keystone's: ages are "
                           "wrong by as much; set it (NTP)",
                           fabs(ahead), ahead > 0 ? "ahead of" : "behind");
  if (line != NULL)
    keep_line(&check->lines, line);
  free(line);
}

static void on_over(void *arg, struct cloud *cloud) {
  struct checking *c = arg;
  note_login(&c->check, cloud_session(cloud));
  note_clock(&c->check, cloud_session(cloud));
}

static size_t count_listings(const struct cloud_config *config) {
  size_t n = 0;
  for (size_t i = 0; i < config->nmeters; i++) {
    size_t j = 0;
    while (config->meters[j].meter.from != config->meters[i].meter.from)
      j++;
    n += i == j;
  }
  return n;
}

static void check_clear(struct check *check) {
  for (size_t i = 0; i < check->nrows; i++) {
    free(check->rows[i].region);
    text_list_clear(&check->rows[i].lines);
  }
  free(check->rows);
  free(check->url);
  free(check->advice);
  free(check->project);
  free(check->roles);
  free(check->regions);
  text_list_clear(&check->lines);
  check_share_clear(&check->share);
}

/* https://no-color.org/ */
static bool shows_colours(void) {
  const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') &&
         (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static bool check_cloud(struct plugin_options *options, size_t n,
                        const struct command_line *line, bool first) {
  struct cloud_config *config = options->clouds[n];
  struct error err;
  int64_t timeout_ms = config->http.timeout_ms;
  struct checking c = {.check = {.config = config,
                                 .all = &options->custom,
                                 .timeout_ms = timeout_ms,
                                 .meters = config->nmeters,
                                 .listings = count_listings(config)},
                       .begun_ms = clock_ms(),
                       .progress = isatty(STDERR_FILENO)};
  const struct ears ears = {.value = on_value, .line = on_line, .arg = &c};
  const struct walk_watcher watcher = {.end = on_end, .arg = &c};
  const struct cycle_options how = {.watcher = &watcher,
                                    .probe = true,
                                    .next = on_next,
                                    .end = on_over,
                                    .arg = &c};
  if (timeout_ms > TIMEOUT_MOST_MS)
    config->http.timeout_ms = TIMEOUT_MOST_MS;
  ears_open(&ears);
  int status = cycle_run(config, &how, &err);
  ears_open(NULL);
  check_share_ask(config, &c.check.share);
  clear_progress(&c);
  if (status < 0)
    keep_line(&c.lines, err.text);
  move_lines(&c.lines, &c.check.lines);
  bool good = status >= 0 && check_is_good(&c.check);
  if (line->form == FORM_JSON)
    check_json(&c.check, first);
  else
    check_text(&c.check, shows_colours());
  text_list_clear(&c.lines);
  check_clear(&c.check);
  return good;
}

int command_check(const struct command_line *line) {
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  const char *wanted = line->argument != NULL ? line->argument : line->cloud;
  int status = load_options(&line->source, &options) != 0 ? STATUS_USAGE : 0;
  size_t n = 0;
  for (size_t i = 0; status != STATUS_USAGE && i < options.nclouds; i++) {
    if (wanted != NULL && strcmp(wanted, options.clouds[i]->name) != 0)
      continue;
    if (!check_cloud(&options, i, line, n++ == 0))
      status = STATUS_BAD;
  }
  if (status != STATUS_USAGE && n == 0) {
    load_no_cloud(&options, wanted);
    status = STATUS_USAGE;
  }
  if (line->form == FORM_JSON && n > 0)
    puts("\n]");
  plugin_options_clear(&options);
  return status;
}
