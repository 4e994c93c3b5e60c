#include "command/check.h"

#include "command/json.h"
#include "meter/meter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const check_states[CHECK_STATES] = {[CHECK_WORKS] = "works",
                                                [CHECK_EMPTY] = "empty",
                                                [CHECK_REFUSED] = "refused",
                                                [CHECK_ABSENT] = "absent",
                                                [CHECK_BROKEN] = "broken"};

bool check_is_good(const struct check *check) {
  for (size_t i = 0; i < check->nrows; i++)
    if (check->rows[i].state == CHECK_REFUSED ||
        check->rows[i].state == CHECK_BROKEN)
      return false;
  return check->login && check->lines.n == 0;
}

/* ---- what a cycle costs ---------------------------------------------------
 */

void check_cost(const struct check *check, int64_t interval_ms,
                struct check_cost *ret) {
  *ret = (struct check_cost){0};
  for (size_t i = 0; i < check->nrows; i++) {
    const struct check_cost *cost = &check->rows[i].cost;
    if (check->rows[i].interval_ms != interval_ms)
      continue;
    ret->requests += cost->requests;
    ret->seconds += cost->seconds;
    ret->series += cost->series;
    ret->bytes += cost->bytes;
    ret->least = ret->least || cost->least;
  }
}

int64_t check_interval(const struct check *check, int64_t after_ms) {
  int64_t next = 0;
  for (size_t i = 0; i < check->nrows; i++) {
    int64_t interval = check->rows[i].interval_ms;
    if (interval > after_ms && (next == 0 || interval < next))
      next = interval;
  }
  return next;
}

static bool fits(const struct check_row *row) {
  return row->cost.seconds * 1000 <= (double)INTERVAL_SHARE(row->interval_ms);
}

static bool hung(const struct check *check, const struct check_row *row) {
  return row->state == CHECK_BROKEN &&
         check->config->http.timeout_ms < check->timeout_ms &&
         row->cost.seconds * 1000 >= (double)check->config->http.timeout_ms;
}

/* ---- what mends it ---------------------------------------------------------
 */

/* The lines that choose none of its meters. */
static void put_excluding(const struct check *check,
                          const struct listing *listing, char *dst,
                          size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < check->config->nmeters; i++) {
    const struct meter *meter = &check->config->meters[i].meter;
    char line[120];
    if (meter->from != listing || n++ >= 3)
      continue;
    snprintf(line, sizeof(line), "Meter \"!%s\"", meter->name);
    text_join(dst, size, n > 1 ? ", " : "", line);
  }
  if (n > 3)
    text_join(dst, size, " ", "and so on");
}

void check_advice(const struct check *check, const struct check_row *row,
                  char *dst, size_t size) {
  const struct listing *listing = row->listing;
  const char *needs = listing->needs != NULL ? listing->needs : listing->role;
  char line[200];
  dst[0] = '\0';
  if (row->state == CHECK_REFUSED) {
    snprintf(line, sizeof(line), "give the user %.150s, or write ",
             needs != NULL ? needs : "another role");
    text_join(dst, size, "", line);
    put_excluding(check, listing, dst, size);
  } else if (hung(check, row)) {
    snprintf(
        line, sizeof(line),
        "a check waits %.15g s for an answer; Timeout lets the plugin wait "
        "%.15g s",
        (double)check->config->http.timeout_ms / 1000,
        (double)check->timeout_ms / 1000);
    text_join(dst, size, "", line);
  } else if (!fits(row)) {
    snprintf(line, sizeof(line),
             "a cycle takes about %.0f s: write Interval %.0f in a block "
             "<Meter> for it",
             row->cost.seconds, ceil(row->cost.seconds / 0.8));
    text_join(dst, size, "", line);
  }
}

/* ---- for people ------------------------------------------------------------
 */

static void put_records(const struct check_row *row, char *dst, size_t size) {
  char each[60] = "";
  if (row->nasked > 0)
    snprintf(each, sizeof(each), " of one %s of %zu",
             listing_asked(row->listing), row->nasked);
  dst[0] = '\0';
  if (row->listing->record == NULL)
    return;
  if (row->state == CHECK_EMPTY)
    snprintf(dst, size, "nothing there%s", each);
  else if (row->more && row->listed > 0)
    snprintf(dst, size, "%llu records on the first page, %.0f in all%s",
             (unsigned long long)row->records, row->listed, each);
  else if (row->more)
    snprintf(dst, size, "%llu records on the first page, and more%s",
             (unsigned long long)row->records, each);
  else
    snprintf(dst, size, "%llu records%s", (unsigned long long)row->records,
             each);
}

static void put_state(enum check_state state, bool colours) {
  static const char *const marks[CHECK_STATES] = {"32", "36", "33", "36", "31"};
  if (colours)
    printf("  \033[%sm%-8s\033[0m", marks[state], check_states[state]);
  else
    printf("  %-8s", check_states[state]);
}

/* What follows the listing's name there. */
static const char *without_name(const struct check_row *row, const char *line) {
  size_t len = strlen(row->listing->name);
  const char *colon = strstr(line, ": ");
  bool named = strncmp(line, row->listing->name, len) == 0 && colon != NULL &&
               (line[len] == ':' || line[len] == ',');
  return named ? colon + 2 : line;
}

static void put_row(const struct check *check, const struct check_row *row,
                    bool colours) {
  char text[200], advice[400];
  bool told = row->state <= CHECK_EMPTY;
  put_state(row->state, colours);
  text[0] = '\0';
  if (told)
    put_records(row, text, sizeof(text));
  bool several = check->regions != NULL && strchr(check->regions, ',') != NULL;
  bool named = several && row->region != NULL && row->region[0] != '\0';
  printf(" %-28s %s%s", row->listing->name, named ? row->region : "",
         named ? "  " : "");
  if (row->state == CHECK_ABSENT && row->lines.n == 0)
    text_copy(text, sizeof(text), "the catalogue lacks the service");
  size_t first = !told && row->lines.n > 0;
  puts(first ? without_name(row, row->lines.items[0]) : text);
  for (size_t i = first; i < row->lines.n; i++)
    printf("           ! %s\n", without_name(row, row->lines.items[i]));
  check_advice(check, row, advice, sizeof(advice));
  if (advice[0] != '\0')
    printf("           > %s\n", advice);
}

static void put_bytes(double bytes, char *dst, size_t size) {
  if (bytes < 1e6)
    snprintf(dst, size, "%.0f KiB", ceil(bytes / 1024));
  else
    snprintf(dst, size, "%.1f MiB", bytes / 1048576);
}

static void put_cost(const struct check *check, int64_t interval_ms) {
  struct check_cost cost;
  char bytes[40];
  double seconds = (double)interval_ms / 1000;
  double rate = check->config->request_rate;
  check_cost(check, interval_ms, &cost);
  put_bytes(cost.bytes, bytes, sizeof(bytes));
  printf("  every %.15g s: %s%.0f requests, %.0f series, %s; some %.1f s of "
         "work",
         seconds, cost.least ? "at least " : "", cost.requests, cost.series,
         bytes, cost.seconds);
  if (rate > 0)
    printf("; MaxRequestRate %.15g lets %.0f through in its four fifths", rate,
           rate * seconds * 0.8);
  putchar('\n');
}

void check_text(const struct check *check, bool colours) {
  printf("cloud \"%s\": %s\n", check->config->name,
         check->url != NULL ? check->url : "");
  if (check->login)
    printf("  login works: %s; roles %s; regions %s\n",
           check->project[0] != '\0' ? check->project : "no project",
           check->roles, check->regions);
  for (size_t i = 0; i < check->lines.n; i++) {
    put_state(CHECK_BROKEN, colours);
    printf(" %s\n", check->lines.items[i]);
  }
  for (size_t i = 0; i < check->nrows; i++)
    put_row(check, &check->rows[i], colours);
  for (int64_t at = check_interval(check, 0); at > 0;
       at = check_interval(check, at))
    put_cost(check, at);
}

/* ---- for machines -----------------------------------------------------------
 */

static void put_cost_json(const struct check_cost *cost) {
  json_number("requests", cost->requests);
  json_number("seconds", cost->seconds);
  json_number("series", cost->series);
  json_number("bytes", cost->bytes);
  json_boolean("at_least", cost->least);
}

static void put_lines_json(const struct text_list *lines) {
  json_list("lines");
  for (size_t i = 0; i < lines->n; i++)
    json_item(lines->items[i]);
  json_list_end();
}

static void put_row_json(const struct check *check,
                         const struct check_row *row) {
  char advice[400];
  check_advice(check, row, advice, sizeof(advice));
  json_item(NULL);
  json_open();
  json_text("listing", row->listing->name);
  json_text("region", row->region);
  json_text("state", check_states[row->state]);
  json_number("records", (double)row->records);
  json_boolean("more", row->more);
  json_number("in_all", row->listed > 0 ? row->listed : NAN);
  json_number("asked_of", (double)row->nasked);
  json_number("interval", (double)row->interval_ms / 1000);
  json_open_in("cycle");
  put_cost_json(&row->cost);
  json_close();
  put_lines_json(&row->lines);
  json_text("advice", advice[0] != '\0' ? advice : NULL);
  json_close();
}

void check_json(const struct check *check, bool first) {
  fputs(first ? "[\n" : ",\n", stdout);
  json_open();
  json_text("cloud", check->config->name);
  json_text("url", check->url);
  json_boolean("login", check->login);
  json_text("project", check->project);
  json_text("roles", check->roles);
  json_text("regions", check->regions);
  json_boolean("good", check_is_good(check));
  put_lines_json(&check->lines);
  json_list("listings");
  for (size_t i = 0; i < check->nrows; i++)
    put_row_json(check, &check->rows[i]);
  json_list_end();
  json_list("cycles");
  for (int64_t at = check_interval(check, 0); at > 0;
       at = check_interval(check, at)) {
    struct check_cost cost;
    check_cost(check, at, &cost);
    json_item(NULL);
    json_open();
    json_number("interval", (double)at / 1000);
    put_cost_json(&cost);
    json_close();
  }
  json_list_end();
  json_close();
}
