#include "command/check.h"

#include "command/json.h"
#include "meter/meter.h"

#include "settings/share.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ADVICE = 600 };

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
  bool shares = check->share.config == NULL || check->share.works;
  return check->login && shares && check->lines.n == 0;
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

/* ---- for people ------------------------------------------------------------
 */

static void put_records(const struct check_row *row, char *dst, size_t size) {
  const char *word = listing_asked(row->listing);
  char each[80] = "";
  if (row->nasked > 1)
    snprintf(each, sizeof(each), " of the one %s asked, of %zu", word,
             row->nasked);
  dst[0] = '\0';
  if (row->listing->record == NULL)
    return;
  if (row->state == CHECK_EMPTY && row->nasked > 1)
    snprintf(dst, size, "the one %s asked, of %zu, has nothing", word,
             row->nasked);
  else if (row->state == CHECK_EMPTY)
    text_copy(dst, size,
              row->few_rights ? "nothing that the token may see"
                              : "nothing there");
  else if (row->more && row->listed > 0)
    snprintf(dst, size, "%llu records on the first page, %.0f in all%s",
             (unsigned long long)row->records, row->listed, each);
  else if (row->more)
    snprintf(dst, size, "%llu records on the first page, and %smore%s",
             (unsigned long long)row->records,
             row->listing->paging.kind >= PAGING_MARKER ? "perhaps " : "",
             each);
  else
    snprintf(dst, size, "%llu record%s%s", (unsigned long long)row->records,
             row->records == 1 ? "" : "s", each);
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

/* `last`: the advice before, which is not repeated. */
static void put_row(const struct check *check, const struct check_row *row,
                    bool colours, char last[ADVICE]) {
  char text[200], advice[ADVICE];
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
  if (advice[0] != '\0' && strcmp(advice, last) != 0)
    printf("           > %s\n", advice);
  text_copy(last, ADVICE, advice);
}

static void put_share(const struct check *check, bool colours) {
  const struct check_share *share = &check->share;
  const struct etcd_config *etcd = &share->config->etcd;
  const char *url = etcd->endpoints.items[0];
  put_state(share->works ? CHECK_WORKS : CHECK_BROKEN, colours);
  printf(" %-28s ", "etcd");
  if (share->works) {
    printf("%zu of %zu endpoints%s%s; %s; %s%s; %zu daemon%s there", share->led,
           etcd->endpoints.n, share->version[0] != '\0' ? ", version " : "",
           share->version,
           strncasecmp(url, "https:", 6) == 0 ? "TLS" : "without TLS",
           etcd->username != NULL ? "user " : "without a login",
           etcd->username != NULL ? etcd->username : "", share->hosts.n,
           share->hosts.n == 1 ? " is" : "s are");
    for (size_t i = 0; i < share->hosts.n; i++)
      printf("%s%s", i > 0 ? ", " : ": ", share->hosts.items[i]);
  } else if (share->lines.n > 0) {
    fputs(share->lines.items[0], stdout);
  }
  putchar('\n');
  for (size_t i = share->works ? 0 : 1; i < share->lines.n; i++)
    printf("           ! %s\n", share->lines.items[i]);
}

/* What to copy into the configuration. */
static void put_left_out(const struct check *check) {
  struct text_list patterns = {0};
  check_left_out(check, NULL, &patterns);
  if (patterns.n > 0)
    printf("  to leave out what is refused or absent, write into <Cloud "
           "\"%s\">:\n",
           check->config->name);
  for (size_t i = 0; i < patterns.n; i++)
    printf("    Meter \"!%s\"\n", patterns.items[i]);
  text_list_clear(&patterns);
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
  printf("  every %.15g s: %s%.0f request%s, %.0f series, %s; some %.1f s of "
         "work",
         seconds, cost.least ? "at least " : "", cost.requests,
         cost.requests == 1 ? "" : "s", cost.series, bytes, cost.seconds);
  if (rate > 0)
    printf("; MaxRequestRate %.15g allows %.0f requests in four fifths of that",
           rate, rate * seconds * 0.8);
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
  if (check->advice != NULL)
    printf("           > %s\n", check->advice);
  char last[ADVICE] = "";
  if (check->share.config != NULL)
    put_share(check, colours);
  for (size_t i = 0; i < check->nrows; i++)
    put_row(check, &check->rows[i], colours, last);
  for (int64_t at = check_interval(check, 0); at > 0;
       at = check_interval(check, at))
    put_cost(check, at);
  check_rate_advice(check, last, sizeof(last));
  if (last[0] != '\0')
    printf("           > %s\n", last);
  put_left_out(check);
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
  char advice[ADVICE];
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

static void put_share_json(const struct check_share *share) {
  if (share->config == NULL)
    return;
  json_open_in("etcd");
  json_boolean("works", share->works);
  json_number("endpoints", (double)share->config->etcd.endpoints.n);
  json_number("led", (double)share->led);
  json_text("version", share->version[0] != '\0' ? share->version : NULL);
  json_list("daemons");
  for (size_t i = 0; i < share->hosts.n; i++)
    json_item(share->hosts.items[i]);
  json_list_end();
  put_lines_json(&share->lines);
  json_close();
}

static void put_left_out_json(const struct check *check) {
  struct text_list patterns = {0};
  check_left_out(check, NULL, &patterns);
  json_list("left_out");
  for (size_t i = 0; i < patterns.n; i++)
    json_item(patterns.items[i]);
  json_list_end();
  text_list_clear(&patterns);
}

void check_json(const struct check *check, bool first) {
  char advice[ADVICE];
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
  put_share_json(&check->share);
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
  check_rate_advice(check, advice, sizeof(advice));
  if (check->advice != NULL)
    text_copy(advice, sizeof(advice), check->advice);
  json_text("advice", advice[0] != '\0' ? advice : NULL);
  put_left_out_json(check);
  json_close();
}
