/*
 * meters - print the manual's chapter of meters from the built-in rows
 *
 * What stands between the two marks in collectd-openstack.pod comes from here:
 * a section for each listing says what is asked and what it costs, with an item
 * for each of its meters. "make manual" puts it there; tests/lint/manual fails
 * when it is stale.
 */
#include "meters/meters.h"
#include "meter/meter.h"

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
  bool any = listing->at_root || listing->auth == AUTH_S3 || listing->fields ||
             listing->version != NULL || head;
  if (listing->at_root)
    puts("The path begins at the endpoint's host.");
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

static void put_pages(const char *each) {
  printf("one%s, and one for each further page that the server makes\n\n",
         each);
}

static void put_cost(const struct listing *listing) {
  bool projects = listing->scope == LISTING_PROJECT;
  const char *each = projects ? " for each project" : "";
  long size = page_size(listing);
  put_item("Requests");
  switch (listing->paging.kind) {
  case PAGING_NONE:
    printf("one%s\n\n", each);
    break;
  case PAGING_LINK:
  case PAGING_LINKS:
    if (size > 0)
      printf("n / %ld, rounded down, and one%s\n\n", size, each);
    else
      put_pages(each);
    break;
  case PAGING_MARKER:
    put_pages(each);
    break;
  case PAGING_OFFSET:
    printf("n / %ld, rounded up, at least one%s\n\n", size, each);
    break;
  }
}

static void put_owners(const struct listing *listing) {
  if (listing->owners == NULL)
    return;
  put_item("Owners");
  printf("the listing C<%s>, whose requests come on top: a record belongs to "
         "its C<%s>, and so to the project of that\n\n",
         listing->owners->name, listing->owner);
}

static void put_rights(const struct listing *listing) {
  if (listing->role == NULL && listing->needs == NULL)
    return;
  put_item("Rights");
  if (listing->role != NULL)
    printf("role %s; a token without it sees %s%s%s%s\n\n", listing->role,
           listing->without_role, listing->needs != NULL ? ", if it has " : "",
           listing->needs != NULL ? listing->needs : "",
           listing->needs != NULL ? ", else 403" : "");
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
                                           : "there is nothing");
}

static void put_resource(const struct listing *listing) {
  put_item("Resource");
  put_code(listing->id);
  if (listing->project != NULL) {
    fputs(", of the project ", stdout);
    put_code(listing->project);
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
  if (meter->group != NULL)
    printf(" for each C<%s>", meter->group);
  else
    printf(", in all%s", second != NULL ? " and for each project" : "");
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
  printf(" (type %s, unit %s)\n\n", meter->type, meter->unit);
  if (meter->total != TOTAL_NONE)
    put_total(meter, second);
  else
    put_value(meter);
  if (meter->since != NULL)
    printf(". Since %s.\n\n", meter->since);
  else
    puts(".\n");
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

/* ---- all ---------------------------------------------------------------- */

static void put_listing(const struct listing *listing) {
  printf("=head2 %s: %s\n\n", listing->service, listing->name);
  put_request(listing);
  put_manner(listing);
  puts("=over 10\n");
  put_cost(listing);
  put_owners(listing);
  put_rights(listing);
  put_absent(listing);
  put_resource(listing);
  put_metadata(listing);
  puts("=back\n");
  put_meters(listing);
}

static bool seen_before(size_t meter) {
  for (size_t i = 0; i < meter; i++)
    if (meters_get(i)->from == meters_get(meter)->from)
      return true;
  return false;
}

int main(void) {
  for (size_t i = 0; i < meters_count(); i++)
    if (!seen_before(i))
      put_listing(meters_get(i)->from);
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
