/*
 * meters - what documents and scripts repeat of the built-in rows
 *
 *   meters fill <FILE   prints FILE with its generated parts made anew
 *   meters list         prints a line for each meter, for tests to read
 *
 * A part stands between a line with [made by "make manual": PART] and one with
 * [end of what is made]; `parts` below are all there are. "make manual" fills
 * the files that have some, and tests/lint/manual fails when one is stale.
 */
#include "meters/meters.h"
#include "meter/meter.h"
#include "settings/cloud.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- pieces of POD ------------------------------------------------------ */

static void put_code(const char *text) {
  fputs(strpbrk(text, "<>") != NULL ? "C<< " : "C<", stdout);
  fputs(text, stdout);
  fputs(strpbrk(text, "<>") != NULL ? " >>" : ">", stdout);
}

static void put_item(const char *label) { printf("=item %s\n\n", label); }

/* ---- a listing ---------------------------------------------------------- */

static bool has_meters_of(const struct listing *listing, enum meter_of of) {
  for (size_t i = 0; i < meters_count(); i++)
    if (meters_get(i)->from == listing && meters_get(i)->of == of)
      return true;
  return false;
}

/* The page size that a listing asks for; 0: none. */
static long page_size(const struct listing *listing) {
  const char *limit = strstr(listing->path, "limit=");
  return limit != NULL ? strtol(limit + strlen("limit="), NULL, 10) : 0;
}

static void put_request(const struct listing *listing) {
  const char *fields = !listing->fields                     ? ""
                       : strchr(listing->path, '?') != NULL ? "&fields=..."
                                                            : "?fields=...";
  printf("  GET %s%s\n", listing->path, fields);
  const char *const *header = listing->headers;
  for (; header != NULL && *header != NULL; header++)
    printf("  %s\n", *header);
  if (listing->version != NULL)
    printf("  %s%s\n", listing->version_header, listing->version);
  puts("");
}

/* What the request itself does not show. */
static void put_manner(const struct listing *listing) {
  bool head = has_meters_of(listing, METER_HEADERS) &&
              (has_meters_of(listing, METER_RECORD) ||
               has_meters_of(listing, METER_ANSWER));
  bool any = listing->at_root || listing->unversioned ||
             listing->auth != AUTH_TOKEN || listing->any_request ||
             listing->fields || listing->version != NULL || head;
  if (listing->at_root)
    puts("The path begins at the endpoint's host.");
  if (listing->unversioned)
    puts("The path replaces the endpoint's version and what follows it.");
  if (listing->auth == AUTH_NONE)
    puts("No token is sent.");
  if (listing->any_request)
    puts("Only if no other walk of the service makes a request.");
  if (listing->auth == AUTH_S3)
    puts("Signed with B<RadosGWAccessKey>; without it nothing is asked.");
  if (listing->fields)
    puts("Only the fields that are read are asked for.");
  if (listing->version != NULL)
    puts("An older service is asked for the highest version that it has.");
  if (head)
    puts("C<HEAD> instead, if only meters of headers are chosen.");
  if (any)
    puts("");
}

/* Does it tell how many records there are? If not, an empty page ends it. */
static bool counts(const struct listing *listing) {
  return listing->paging.total != NULL || listing->paging.total_header != NULL;
}

static void put_pages(const char *each) {
  printf("one%s, and one for each further page that the server makes\n\n",
         each);
}

static void put_interval(const struct listing *listing) {
  if (listing->interval_ms == 0)
    return;
  put_item("Interval");
  printf("at least %g s, whatever the cloud's is\n\n",
         (double)listing->interval_ms / 1000);
}

/* " for each project", " for each record of C<providers>", or nothing. */
static void asked_words(const struct listing *listing, const char *before,
                        char *dst, size_t size) {
  dst[0] = '\0';
  if (listing->scope == LISTING_PROJECT)
    snprintf(dst, size, "%sproject", before);
  else if (listing->scope == LISTING_OWNER)
    snprintf(dst, size, "%srecord of C<%s>", before, listing->owners->name);
}

static void put_cost(const struct listing *listing) {
  char each[100];
  asked_words(listing, " for each ", each, sizeof(each));
  long size = page_size(listing);
  put_item("Requests");
  switch (listing->paging.kind) {
  case PAGING_NONE:
    printf("%s%s\n\n", listing->any_request ? "none or one" : "one", each);
    break;
  case PAGING_LINK:
  case PAGING_LINKS:
    if (size > 0)
      printf("n / %ld, rounded down, and one%s\n\n", size, each);
    else
      put_pages(each);
    break;
  case PAGING_MARKER:
  case PAGING_OFFSET:
    if (size == 0) {
      put_pages(each);
      break;
    }
    printf("n / %ld, rounded up, %s%s\n\n", size,
           counts(listing) ? "at least one" : "and one", each);
    break;
  }
}

/* Do meters of its owners save it the requests for them? */
static bool may_borrow(const struct listing *listing) {
  for (size_t i = 0; !listing->paced && i < meters_count(); i++)
    if (meters_get(i)->from == listing->owners)
      return true;
  return false;
}

static void put_owners(const struct listing *listing) {
  if (listing->owners == NULL)
    return;
  const char *but =
      may_borrow(listing) ? ", unless meters of it are chosen" : "";
  put_item("Owners");
  if (listing->owner == NULL) {
    printf("the listing C<%s>, C<GET %s>, whose requests come on top%s\n\n",
           listing->owners->name, listing->owners->path, but);
    return;
  }
  printf("the listing C<%s>, whose requests come on top%s: a record belongs to "
         "its C<%s>, and so to the project of that\n\n",
         listing->owners->name, but, listing->owner);
}

static void put_rights(const struct listing *listing) {
  if (listing->role == NULL && listing->needs == NULL)
    return;
  put_item("Rights");
  if (listing->role != NULL)
    printf("role %s; a token without it sees %s%s\n\n", listing->role,
           listing->without_role,
           listing->needs != NULL ? ", or gets 403" : "");
  else
    printf("%s; 403 without\n\n", listing->needs);
}

static void put_absent(const struct listing *listing) {
  if (listing->absent[0] == 0)
    return;
  put_item("Absent");
  printf("%d", listing->absent[0]);
  if (listing->absent[1] != 0)
    printf(" or %d", listing->absent[1]);
  printf(" means that %s here: no value, no failure\n\n",
         listing->scope == LISTING_PROJECT ? "the project has nothing"
         : listing->scope == LISTING_OWNER ? "the owner is gone"
                                           : "there is nothing");
}

static void put_resource(const struct listing *listing) {
  if (listing->record == NULL)
    return;
  put_item("Resource");
  put_code(listing->id);
  if (listing->project != NULL) {
    fputs(", of the project ", stdout);
    put_code(listing->project);
  }
  if (listing->older_project != NULL) {
    fputs(", or else ", stdout);
    put_code(listing->older_project);
  }
  if (listing->user != NULL) {
    fputs(" and the user ", stdout);
    put_code(listing->user);
  }
  puts("\n");
}

static void put_metadata(const struct listing *listing) {
  const char *const *field = listing->metadata;
  if (field == NULL && listing->name_field == NULL)
    return;
  put_item("Metadata");
  if (listing->name_field != NULL)
    fputs("C<name>", stdout);
  for (size_t i = 0; field != NULL && field[i] != NULL; i++) {
    fputs(i > 0 || listing->name_field != NULL ? ",\n" : "", stdout);
    put_code(field[i]);
  }
  puts("\n");
}

/* ---- a meter ------------------------------------------------------------ */

static void put_states(const struct state *state) {
  for (; state->text != NULL; state++)
    printf("%s %g,\n", state->text, state->number);
  if (isnan(state->number))
    fputs("anything else: no value", stdout);
  else
    printf("anything else %g", state->number);
}

/* METERS_TOTALS makes two rows, which are one item here. */
static bool is_second_total(const struct meter *first,
                            const struct meter *meter) {
  bool same_value =
      first->value == NULL
          ? meter->value == NULL
          : meter->value != NULL && strcmp(first->value, meter->value) == 0;
  return meter->group != NULL && strcmp(meter->group, METER_BY_PROJECT) == 0 &&
         first->group == NULL && first->total == meter->total &&
         first->from == meter->from && same_value;
}

static void put_total(const struct meter *meter, const struct meter *second) {
  static const char *const verbs[] = {[TOTAL_COUNT] = "How many",
                                      [TOTAL_SUM] = "The sum of",
                                      [TOTAL_MIN] = "The least of",
                                      [TOTAL_MAX] = "The greatest of"};
  fputs(verbs[meter->total], stdout);
  if (meter->value != NULL) {
    fputs(" ", stdout);
    put_code(meter->value);
  }
  if (meter->group != NULL) {
    fputs(" for each ", stdout);
    put_code(meter->group);
  } else {
    printf(", in all%s", second != NULL ? " and for each project" : "");
  }
  if (meter->states != NULL) {
    fputs(", of ", stdout);
    put_states(meter->states);
  }
  for (size_t i = 0; meter->groups != NULL && meter->groups[i] != NULL; i++)
    printf("%s C<%s>", i == 0 ? "; always for" : ",", meter->groups[i]);
}

static void put_condition(const struct condition *when) {
  if (when->field == NULL)
    return;
  fputs(", where ", stdout);
  put_code(when->field);
  fputs(when->others          ? " is not"
        : when->texts != NULL ? " is"
                              : " is there",
        stdout);
  for (size_t i = 0; when->texts != NULL && when->texts[i] != NULL; i++)
    printf("%s C<%s>", i == 0 ? "" : " or", when->texts[i]);
}

static void put_value(const struct meter *meter) {
  if (meter->of == METER_HEADERS)
    fputs("Header ", stdout);
  if (meter->value == NULL)
    fputs("1 for each", stdout);
  else
    put_code(meter->value);
  if (meter->of != METER_RECORD)
    fputs(meter->from->scope == LISTING_PROJECT
              ? ", with the project's id as resource"
              : ", with the resource C<total>",
          stdout);
  if (meter->states != NULL) {
    fputs(": ", stdout);
    put_states(meter->states);
  }
}

/* `second`: the same total by project, or NULL. */
static void put_meter(const struct meter *meter, const struct meter *second) {
  printf("=item B<%s>", meter->name);
  if (second != NULL)
    printf(", B<%s>", second->name);
  printf(" (type %s, unit %s)\n\n", meter_type(meter), meter->unit);
  if (meter->total != TOTAL_NONE)
    put_total(meter, second);
  else
    put_value(meter);
  put_condition(&meter->when);
  fputs(".", stdout);
  if (meter->since != NULL)
    printf(" Since %s.", meter->since);
  if (meter->choice != CHOICE_ALWAYS)
    printf(" Chosen by %s only.",
           meter->choice == CHOICE_NAME ? "its full name" : "a pattern");
  puts("\n");
}

static void put_meters(const struct listing *listing) {
  puts("=over 4\n");
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *meter = meters_get(i), *next = meters_get(i + 1);
    if (meter->from != listing)
      continue;
    bool pair = next != NULL && is_second_total(meter, next);
    put_meter(meter, pair ? next : NULL);
    i += pair ? 1 : 0;
  }
  puts("=back\n");
}

/* ---- parts -------------------------------------------------------------- */

static bool seen_before(size_t meter) {
  for (size_t i = 0; i < meter; i++)
    if (meters_get(i)->from == meters_get(meter)->from)
      return true;
  return false;
}

/* A section for each listing: what is asked and what it costs, with an item
 * for each of its meters. */
static void put_chapter(void) {
  puts("");
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    if (seen_before(i))
      continue;
    printf("=head2 %s: %s\n\n", listing->service, listing->name);
    put_request(listing);
    put_manner(listing);
    puts("=over 10\n");
    put_cost(listing);
    put_interval(listing);
    put_owners(listing);
    put_rights(listing);
    put_absent(listing);
    put_resource(listing);
    put_metadata(listing);
    puts("=back\n");
    put_meters(listing);
  }
}

/* The names as a list of words, for the converter. */
static void put_names(void) {
  size_t column = 0;
  fputs("METERS = \"\"\"", stdout);
  for (size_t i = 0; i < meters_count(); i++) {
    size_t len = strlen(meters_get(i)->name);
    bool fits = column > 0 && column + 1 + len < 80;
    printf("%s%s", fits ? " " : "\n", meters_get(i)->name);
    column = fits ? column + 1 + len : len;
  }
  puts("\n\"\"\".split()");
}

/* Is it asked before the other can be? */
static bool asked_for(const struct listing *listing,
                      const struct listing *other) {
  return other == listing || other->owners == listing ||
         (other->scope == LISTING_PROJECT && listing == &identity_projects);
}

/* By what the meters that need it are chosen, at least. */
static enum meter_choice choice_of(const struct listing *listing) {
  enum meter_choice least = CHOICE_NAME;
  for (size_t i = 0; i < meters_count(); i++)
    if (asked_for(listing, meters_get(i)->from) &&
        meters_get(i)->choice < least)
      least = meters_get(i)->choice;
  return least;
}

static const char *const choices[] = {[CHOICE_ALWAYS] = "always",
                                      [CHOICE_PATTERN] = "pattern",
                                      [CHOICE_NAME] = "name"};

static size_t first_of(const struct listing *listing) {
  size_t i = 0;
  while (meters_get(i)->from != listing)
    i++;
  return i;
}

static void put_method(const char *method, const struct listing *listing) {
  printf("%s %s %s %.*s\n", choices[choice_of(listing)], method,
         listing->service, (int)strcspn(listing->path, "?"), listing->path);
}

/* What is asked with a token; every path once for each method. */
static void put_requests(void) {
  puts("REQUESTS = \"\"\"\\");
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *l = meters_get(i)->from;
    if (l->auth != AUTH_TOKEN || l->any_request || first_of(l) != i)
      continue;
    put_method("GET", l);
    if (has_meters_of(l, METER_HEADERS))
      put_method("HEAD", l);
  }
  puts("\"\"\"");
}

/* What people call the services; the rest goes by its type. */
static const char *service_name(const struct listing *listing) {
  static const char *const names[][2] = {
      {"image", "Glance"},
      {"block-storage", "Cinder"},
      {"network", "Neutron"},
      {"object-store", "Swift"},
      {"dns", "Designate"},
      {"load-balancer", "Octavia"},
      {"alarming", "Aodh"},
      {"alarm", "Aodh"},
      {"shared-file-system", "Manila"},
      {"identity", "Keystone"},
      {"compute", "Nova"},
      {"placement", "Placement"},
      {"orchestration", "Heat"},
      {"baremetal", "Ironic"},
      {"container-infrastructure-management", "Magnum"},
      {"database", "Trove"},
      {"instance-ha", "Masakari"},
      {"metric", "Gnocchi"}};
  if (listing->auth == AUTH_S3)
    return "Ceph RADOS gateway";
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcmp(names[i][0], listing->service) == 0)
      return names[i][1];
  return listing->service;
}

static bool of_service(const struct meter *meter, const char *service) {
  return strcmp(service_name(meter->from), service) == 0;
}

/* Of those that are reported by default the totals are told of by number. */
static bool is_shown(const struct meter *meter) {
  return meter->choice == CHOICE_ALWAYS &&
         (meter->total == TOTAL_NONE || meter->since != NULL);
}

static bool named_before(size_t meter) {
  const char *service = service_name(meters_get(meter)->from);
  for (size_t i = 0; i < meter; i++)
    if (of_service(meters_get(i), service))
      return true;
  return false;
}

/* Bytes of a name up to its last word. */
static size_t stem(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot != NULL ? (size_t)(dot + 1 - name) : 0;
}

/* The next one that is shown, from `i` on; or NULL. */
static const struct meter *next_shown(const char *service, size_t *i) {
  for (; *i < meters_count(); ++*i)
    if (of_service(meters_get(*i), service) && is_shown(meters_get(*i)))
      return meters_get((*i)++);
  return NULL;
}

/* Bytes of a name up to what has the quota, "network.quota."; 0 without. */
static size_t quota(const char *name) {
  const char *word = strstr(name, ".quota.");
  return word != NULL ? (size_t)(word + strlen(".quota.") - name) : 0;
}

/* The next one, if its name begins with the same bytes, its stem. */
static const struct meter *next_alike(const struct meter *next,
                                      const char *name, size_t len) {
  bool alike = next != NULL && len > 0 && stem(next->name) == len &&
               strncmp(next->name, name, len) == 0;
  return alike ? next : NULL;
}

/* All quotas in a row by a pattern; returns what comes next. */
static const struct meter *put_quotas(const char *service, size_t *i,
                                      const char *name) {
  size_t len = quota(name);
  const struct meter *next = next_shown(service, i);
  printf("`%.*s*`", (int)len, name);
  while (next != NULL && strncmp(next->name, name, len) == 0)
    next = next_shown(service, i);
  return next;
}

/* Names in a row that differ in their last word only, put together; returns
 * what comes next. */
static const struct meter *put_stem(const char *service, size_t *i,
                                    const char *name) {
  size_t len = stem(name);
  const struct meter *next = next_shown(service, i);
  bool more = next_alike(next, name, len) != NULL;
  printf("`%.*s%s%s", (int)len, name, more ? "{" : "", name + len);
  while (next_alike(next, name, len) != NULL) {
    printf(",%s", next->name + len);
    next = next_shown(service, i);
  }
  printf("%s`", more ? "}" : "");
  return next;
}

static void put_shown(const char *service) {
  size_t i = 0;
  const char *comma = "";
  const struct meter *meter = next_shown(service, &i);
  while (meter != NULL) {
    fputs(comma, stdout);
    meter = quota(meter->name) > 0 ? put_quotas(service, &i, meter->name)
                                   : put_stem(service, &i, meter->name);
    comma = ", ";
  }
}

/* README's: a row for each service. */
static void put_table(void) {
  puts("\n| service | reported by default | totals | with a pattern | "
       "by name |\n|---|---|---|---|---|");
  for (size_t i = 0; i < meters_count(); i++) {
    const char *service = service_name(meters_get(i)->from);
    size_t totals = 0, n[CHOICE_NAME + 1] = {0};
    if (named_before(i))
      continue;
    for (size_t j = i; j < meters_count(); j++) {
      const struct meter *meter = meters_get(j);
      if (!of_service(meter, service))
        continue;
      n[meter->choice]++;
      totals += meter->choice == CHOICE_ALWAYS && !is_shown(meter);
    }
    printf("| %s | ", service);
    put_shown(service);
    printf(" | %zu | %zu | %zu |\n", totals, n[CHOICE_PATTERN], n[CHOICE_NAME]);
  }
  puts("");
}

/* ---- how many ----------------------------------------------------------- */

/* The manual's example of a cloud; of all else it has a few. */
enum { EXAMPLE_PROJECTS = 300, EXAMPLE_FEW = 10 };
static const struct {
  const char *listing;
  long records;
  const char *words;
} example[] = {{"images", 2500, "images"},
               {"volumes", 10000, "volumes"},
               {"snapshots", 2000, "snapshots"},
               {"backups", 500, "backups"},
               {"floatingips", 2500, "floating IPs"},
               {"shares", 1000, "shares"},
               {"zones", 200, "zones"},
               {"recordsets", 3000, "recordsets"},
               {"providers", 60, "compute hosts"},
               {"servers", 5000, "servers"}};
enum { EXAMPLES = sizeof(example) / sizeof(example[0]) };

static long example_records(const struct listing *listing) {
  for (size_t i = 0; i < EXAMPLES; i++)
    if (strcmp(example[i].listing, listing->name) == 0)
      return example[i].records;
  return EXAMPLE_FEW;
}

/* Is it asked by a cloud without Meter lines and without keys? */
static bool is_usual(const struct listing *listing) {
  for (size_t i = 0; i < meters_count(); i++)
    if (meters_get(i)->from == listing &&
        meters_get(i)->choice == CHOICE_ALWAYS)
      return listing->auth != AUTH_S3;
  return false;
}

/* Its own, and not those of meters that are chosen anyway. */
static const struct listing *example_owners(const struct listing *listing) {
  return may_borrow(listing) && is_usual(listing->owners) ? NULL
                                                          : listing->owners;
}

/* By the same rules as put_cost(). */
static long example_cost(const struct listing *listing) {
  long n = example_records(listing), size = page_size(listing), cost = 1;
  if (size > 0)
    cost = listing->paging.kind == PAGING_OFFSET
               ? (n + size - 1) / size + (counts(listing) ? 0 : 1)
               : n / size + (listing->paging.kind != PAGING_NONE);
  if (listing->scope == LISTING_PROJECT)
    cost *= EXAMPLE_PROJECTS;
  if (listing->scope == LISTING_OWNER)
    cost *= example_records(listing->owners);
  const struct listing *owners = example_owners(listing);
  return cost + (owners != NULL ? example_cost(owners) : 0);
}

static bool is_slow(const struct listing *listing) {
  return listing->interval_ms > INTERVAL_USUAL_MS;
}

/* What is asked less often than all else. */
static void put_slow_examples(void) {
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    if (!seen_before(i) && is_usual(listing) && is_slow(listing))
      printf("%ld more in %g s for C<%s>%s.\n", example_cost(listing),
             (double)listing->interval_ms / 1000, listing->name,
             listing->paced ? ", one by one" : "");
  }
  puts("");
}

static void put_example(void) {
  long all = 0, others = 0;
  fputs("\nFor example,", stdout);
  for (size_t i = 0; i < EXAMPLES; i++)
    printf("\n%ld %s,", example[i].records, example[i].words);
  printf("\n%d projects, and few of all else cost\n", EXAMPLE_PROJECTS);
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    if (seen_before(i) || !is_usual(listing) || listing->any_request ||
        is_slow(listing))
      continue;
    long cost = example_cost(listing);
    all += cost;
    others += cost == 1;
    if (cost > 1)
      printf("%ld requests for C<%s>%s,\n", cost, listing->name,
             example_owners(listing) != NULL ? " and their owners" : "");
  }
  printf("and one for each of the %ld others:\nB<%ld> in all.\n", others, all);
  put_slow_examples();
}

/* The line of the log that tells what was chosen, for the default set. */
static void put_started(void) {
  size_t meters = 0, listings = 0;
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    bool usual = meters_get(i)->choice == CHOICE_ALWAYS;
    meters += usual && listing->auth != AUTH_S3;
    listings += !seen_before(i) && is_usual(listing);
  }
  printf("\n=item C<cloud \"prod\": from ...: AuthURL, ...>, C<%zu meters of "
         "%zu listings, every 300 s>\n\n",
         meters, listings);
}

/* ---- list --------------------------------------------------------------- */

static const char *const pagings[] = {[PAGING_NONE] = "none",
                                      [PAGING_LINK] = "link",
                                      [PAGING_LINKS] = "links",
                                      [PAGING_MARKER] = "marker",
                                      [PAGING_OFFSET] = "offset"};

static const char *or_none(const char *text) {
  return text != NULL ? text : "-";
}

/* A column's texts, one after the other. */
static void put_texts(const char *const *text) {
  if (text == NULL)
    putchar('-');
  for (size_t i = 0; text != NULL && text[i] != NULL; i++)
    printf("%s%s", i > 0 ? "|" : "", text[i]);
}

/* What makes a number of a record, or none. */
static void put_rules(const struct meter *m) {
  printf("\t%s\t", m->from->id);
  if (m->states == NULL)
    putchar('-');
  for (const struct state *s = m->states; s != NULL;
       s = s->text != NULL ? s + 1 : NULL)
    printf("%s%s=%g", s != m->states ? "|" : "", s->text != NULL ? s->text : "",
           s->number);
  printf("\t%s", m->nskip == 0 ? "-" : "");
  for (size_t i = 0; i < m->nskip; i++)
    printf("%s%.15g", i > 0 ? " " : "", m->skip[i]);
  printf("\t%s\t", or_none(m->when.field));
  put_texts(m->when.texts);
  printf("\t%s\t", m->when.others ? "yes" : "-");
  put_texts(m->groups);
}

static void put_version(const struct listing *listing) {
  if (listing->version == NULL)
    printf("\t-");
  else
    printf("\t%s%s", listing->version_header, listing->version);
}

/* Of the listing of owners, which need not have meters. */
static void put_owners_rules(const struct listing *owners) {
  static const struct listing nobody;
  const struct listing *l = owners != NULL ? owners : &nobody;
  printf("\t%s\t%s\t%s\t%s\t%s", or_none(l->path), or_none(l->record),
         pagings[l->paging.kind], or_none(l->id), or_none(l->project));
}

/* Tab between, "-" for what is not there; the first line names the columns. */
static void put_list(void) {
  static const char *const totals[] = {[TOTAL_NONE] = "-",
                                       [TOTAL_COUNT] = "count",
                                       [TOTAL_SUM] = "sum",
                                       [TOTAL_MIN] = "min",
                                       [TOTAL_MAX] = "max"};
  static const char *const ofs[] = {[METER_RECORD] = "record",
                                    [METER_HEADERS] = "headers",
                                    [METER_ANSWER] = "answer",
                                    [METER_REQUEST] = "request"};
  puts("name\tof\ttotal\tgroup\tvalue\ttype\tlisting\tservice\tpath\trecord\t"
       "paging\tproject\towners\towner\tscope\troot\tid\tstates\tskip\t"
       "when\ttexts\tothers\tgroups\tversion\tcounts\tchoice\tpaced\t"
       "owners_path\towners_record\towners_paging\towners_id\t"
       "owners_project");
  for (size_t i = 0; i < meters_count(); i++) {
    const struct meter *m = meters_get(i);
    const struct listing *l = m->from;
    printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
           m->name, ofs[m->of], totals[m->total], or_none(m->group),
           or_none(m->value), meter_type(m), l->name, l->service, l->path,
           or_none(l->record), pagings[l->paging.kind], or_none(l->project),
           l->owners != NULL ? l->owners->name : "-", or_none(l->owner),
           l->scope == LISTING_PROJECT ? "project"
           : l->scope == LISTING_OWNER ? "owner"
                                       : "cloud",
           l->at_root ? "yes" : "-");
    put_rules(m);
    put_version(l);
    printf("\t%s\t%s\t%s", counts(l) ? "yes" : "-", choices[m->choice],
           l->paced ? "yes" : "-");
    put_owners_rules(l->owners);
    puts("");
  }
}

/* ---- fill --------------------------------------------------------------- */

#define MARK "[made by \"make manual\": "
#define END_MARK "[end of what is made]"

static const struct {
  const char *name;
  void (*put)(void);
} parts[] = {{"chapter", put_chapter}, {"example", put_example},
             {"names", put_names},     {"requests", put_requests},
             {"started", put_started}, {"table", put_table}};

/* The part that begins behind this line; NULL: none. */
static void (*part_of(const char *line))(void) {
  const char *mark = strstr(line, MARK);
  for (size_t i = 0; mark != NULL && i < sizeof(parts) / sizeof(parts[0]);
       i++) {
    size_t len = strlen(parts[i].name);
    if (strncmp(mark + strlen(MARK), parts[i].name, len) == 0 &&
        mark[strlen(MARK) + len] == ']')
      return parts[i].put;
  }
  return NULL;
}

static int fill(void) {
  char *line = NULL;
  size_t size = 0;
  bool inside = false;
  while (getline(&line, &size, stdin) > 0) {
    void (*put)(void) = part_of(line);
    if (strstr(line, END_MARK) != NULL)
      inside = false;
    if (!inside)
      fputs(line, stdout);
    if (put != NULL) {
      put();
      inside = true;
    }
  }
  free(line);
  if (inside)
    fputs("meters: a part has no " END_MARK "\n", stderr);
  return inside ? -1 : 0;
}

int main(int argc, char **argv) {
  const char *what = argc == 2 ? argv[1] : "";
  int status = 0;
  if (strcmp(what, "fill") == 0)
    status = fill();
  else if (strcmp(what, "list") == 0)
    put_list();
  else
    status = -1;
  if (status != 0 || fflush(stdout) != 0 || ferror(stdout)) {
    fputs("usage: meters fill <FILE | meters list\n", stderr);
    return 1;
  }
  return 0;
}
