/*
 * custom_meters: what an operator writes is what we write. Each built-in row
 * goes out as configuration and comes back as the same row; and each mistake is
 * one line.
 */
#include "stub/configuration.h"

#include "base/text.h"
#include "config/custom_meters.h"
#include "meters/meters.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int setup(void **state) {
  *state = calloc(1, sizeof(struct custom_meters));
  heard_forget();
  return 0;
}

static int teardown(void **state) {
  custom_meters_clear(*state);
  free(*state);
  return 0;
}

/* Adds the blocks of a text, in their order. */
static int read_text(struct custom_meters *custom, const char *text) {
  struct config_item *root = config_text(text);
  int status = 0;
  for (size_t i = 0; i < root->nchildren && status == 0; i++) {
    const struct config_item *item = &root->children[i];
    status = strcasecmp(item->key, "Listing") == 0
                 ? custom_meters_add_listing(custom, item, &heard)
                 : custom_meters_add_meter(custom, item, &heard);
  }
  if (status == 0)
    status = custom_meters_finish(custom);
  config_text_free(root);
  return status;
}

static void must_read(struct custom_meters *custom, const char *text) {
  if (read_text(custom, text) != 0)
    fail_msg("%s in\n%s", heard_line(heard_lines() - 1, NULL), text);
}

/* ---- a row as configuration --------------------------------------------- */

static void put_text(FILE *out, const char *key, const char *text) {
  if (text == NULL)
    return;
  fprintf(out, "  %s \"", key);
  for (; *text != '\0'; text++)
    fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
  fputs("\"\n", out);
}

static void put_texts(FILE *out, const char *key, const char *const *texts) {
  for (; texts != NULL && *texts != NULL; texts++)
    put_text(out, key, *texts);
}

static void put_switch(FILE *out, const char *key, bool on) {
  if (on)
    fprintf(out, "  %s true\n", key);
}

static void put_paging(FILE *out, const struct paging *paging) {
  static const char *const kinds[] = {"none", "link", "links", "marker",
                                      "offset"};
  put_text(out, "Paging", kinds[paging->kind]);
  put_text(out, "Next", paging->next);
  put_text(out, "Marker", paging->marker);
  put_text(out, "MarkerWhen", paging->marker_when);
  put_text(out, "TotalHeader", paging->total_header);
  put_text(out, "Total", paging->total);
  put_text(out, "Truncated", paging->truncated);
}

static void put_listing(FILE *out, const struct listing *l) {
  static const char *const auths[] = {"token", "s3", "none"};
  static const char *const scopes[] = {"cloud", "project", "owner"};
  fprintf(out, "<Listing \"o.%s\">\n", l->name);
  put_text(out, "Service", l->service);
  put_text(out, "Path", l->path);
  if (l->interval_ms != 0)
    fprintf(out, "  Interval %.17g\n", (double)l->interval_ms / 1000);
  put_switch(out, "Paced", l->paced);
  put_switch(out, "AtRoot", l->at_root);
  put_switch(out, "Fields", l->fields);
  put_text(out, "Scope", scopes[l->scope]);
  put_text(out, "Auth", auths[l->auth]);
  put_switch(out, "Unversioned", l->unversioned);
  put_switch(out, "AnyRequest", l->any_request);
  put_text(out, "Record", l->record);
  if (l->record != NULL)
    put_paging(out, &l->paging);
  put_text(out, "ID", l->id);
  put_text(out, "Name", l->name_field);
  put_text(out, "Project", l->project);
  put_text(out, "OlderProject", l->older_project);
  put_text(out, "User", l->user);
  if (l->owners != NULL)
    fprintf(out, "  Owners \"o.%s\"\n", l->owners->name);
  put_text(out, "Owner", l->owner);
  put_texts(out, "MetadataField", l->metadata);
  if (l->version != NULL)
    fprintf(out, "  Microversion \"%s%s\"\n", l->version_header, l->version);
  put_texts(out, "Header", l->headers);
  put_text(out, "Role", l->role);
  put_text(out, "WithoutRole", l->without_role);
  put_text(out, "Needs", l->needs);
  for (size_t i = 0; i < 2 && l->absent[i] != 0; i++)
    fprintf(out, "  Absent %d\n", l->absent[i]);
  put_text(out, "ServiceHeader", l->service_header);
  fputs("</Listing>\n", out);
}

static void put_states(FILE *out, const struct state *state) {
  if (state == NULL)
    return;
  for (; state->text != NULL; state++)
    fprintf(out, "  State \"%s\" %.17g\n", state->text, state->number);
  if (!isnan(state->number))
    fprintf(out, "  OtherState %.17g\n", state->number);
}

static void put_meter(FILE *out, const struct meter *m) {
  static const char *const ofs[] = {"record", "headers", "answer", "request"};
  static const char *const choices[] = {"always", "pattern", "name"};
  fprintf(out, "<Meter \"o.%s\">\n", m->name);
  fprintf(out, "  Listing \"o.%s\"\n", m->from->name);
  put_text(out, "Of", ofs[m->of]);
  put_text(out, "Value", m->value);
  put_text(out, "Type", m->type);
  put_text(out, "Unit", m->unit);
  put_states(out, m->states);
  fprintf(out, "  Negative %s\n", m->negative ? "true" : "false");
  for (size_t i = 0; i < m->nskip; i++)
    fprintf(out, "  Skip %.17g\n", m->skip[i]);
  put_text(out, "Aggregate", custom_meters_totals[m->total]);
  put_text(out, "GroupBy", m->group);
  for (size_t i = 0; m->groups != NULL && m->groups[i] != NULL; i++)
    put_text(out, "Group", m->groups[i]);
  put_text(out, "When", m->when.field);
  for (size_t i = 0; m->when.texts != NULL && m->when.texts[i] != NULL; i++)
    put_text(out, m->when.others ? "IsNot" : "Is", m->when.texts[i]);
  put_text(out, "ChosenBy", choices[m->choice]);
  if (m->max_series > 0)
    fprintf(out, "  MaxSeries %zu\n", m->max_series);
  fputs("</Meter>\n", out);
}

static bool is_first_of_its_listing(size_t meter) {
  for (size_t i = 0; i < meter; i++)
    if (meters_get(i)->from == meters_get(meter)->from)
      return false;
  return true;
}

static bool has_meters(const struct listing *listing) {
  for (size_t i = 0; i < meters_count(); i++)
    if (meters_get(i)->from == listing)
      return true;
  return false;
}

/* All that is built in. */
static char *as_configuration(void) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  for (size_t i = 0; i < meters_count(); i++) {
    const struct listing *listing = meters_get(i)->from;
    if (!is_first_of_its_listing(i))
      continue;
    put_listing(out, listing);
    if (listing->owners != NULL && !has_meters(listing->owners))
      put_listing(out, listing->owners); /* no two have the same */
  }
  for (size_t i = 0; i < meters_count(); i++)
    put_meter(out, meters_get(i));
  fclose(out);
  return text;
}

/* ---- and back ----------------------------------------------------------- */

static void same_text(const char *a, const char *b) {
  if (a == NULL || b == NULL)
    assert_ptr_equal(a, b);
  else
    assert_string_equal(a, b);
}

static void same_texts(const char *const *a, const char *const *b) {
  if (a == NULL || b == NULL) {
    assert_ptr_equal(a, b);
    return;
  }
  for (; *a != NULL && *b != NULL; a++, b++)
    assert_string_equal(*a, *b);
  assert_ptr_equal(*a, *b);
}

static void same_listing(const struct listing *a, const struct listing *b) {
  assert_memory_equal(b->name, "o.", 2);
  assert_string_equal(a->name, b->name + 2);
  same_text(a->service, b->service);
  same_text(a->path, b->path);
  assert_int_equal(a->paced, b->paced);
  assert_int_equal(a->at_root, b->at_root);
  assert_int_equal(a->unversioned, b->unversioned);
  assert_int_equal(a->any_request, b->any_request);
  assert_int_equal(a->interval_ms, b->interval_ms);
  assert_int_equal(a->fields, b->fields);
  assert_int_equal(a->scope, b->scope);
  assert_int_equal(a->auth, b->auth);
  same_text(a->record, b->record);
  assert_int_equal(a->paging.kind, b->paging.kind);
  same_text(a->paging.next, b->paging.next);
  same_text(a->paging.marker, b->paging.marker);
  same_text(a->paging.marker_when, b->paging.marker_when);
  same_text(a->paging.total_header, b->paging.total_header);
  same_text(a->paging.total, b->paging.total);
  same_text(a->paging.truncated, b->paging.truncated);
  same_text(a->id, b->id);
  same_text(a->name_field, b->name_field);
  same_text(a->project, b->project);
  same_text(a->older_project, b->older_project);
  same_text(a->user, b->user);
  same_text(a->owner, b->owner);
  if (a->owners != NULL)
    assert_string_equal(a->owners->name, b->owners->name + 2);
  else
    assert_null(b->owners);
  same_texts(a->metadata, b->metadata);
  same_text(a->version_header, b->version_header);
  same_text(a->version, b->version);
  same_texts(a->headers, b->headers);
  same_text(a->role, b->role);
  same_text(a->without_role, b->without_role);
  same_text(a->needs, b->needs);
  assert_int_equal(a->absent[0], b->absent[0]);
  assert_int_equal(a->absent[1], b->absent[1]);
  same_text(a->service_header, b->service_header);
}

static bool same_number(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static void same_states(const struct state *a, const struct state *b) {
  if (a == NULL || b == NULL) {
    assert_ptr_equal(a, b);
    return;
  }
  for (;; a++, b++) {
    same_text(a->text, b->text);
    assert_true(same_number(a->number, b->number));
    if (a->text == NULL)
      return;
  }
}

/* All but `since`, which is for the manual. */
static void same_meter(const struct meter *a, const struct meter *b) {
  assert_string_equal(a->name, b->name + 2);
  same_listing(a->from, b->from);
  assert_int_equal(a->of, b->of);
  same_text(a->value, b->value);
  same_text(meter_type(a), meter_type(b));
  same_text(a->unit, b->unit);
  same_states(a->states, b->states);
  assert_int_equal(a->negative, b->negative);
  assert_int_equal(a->nskip, b->nskip);
  for (size_t i = 0; i < a->nskip; i++)
    assert_true(a->skip[i] == b->skip[i]);
  assert_int_equal(a->total, b->total);
  same_text(a->group, b->group);
  same_texts(a->groups, b->groups);
  same_text(a->when.field, b->when.field);
  same_texts(a->when.texts, b->when.texts);
  assert_int_equal(a->when.others, b->when.others);
  assert_int_equal(a->choice, b->choice);
  assert_int_equal(a->max_series, b->max_series);
}

/* What a row may say, and no row that is built in does. */
static void other_rows_come_back_too(void **state) {
  static const char *const texts[] = {"enabled", "on", NULL};
  static const char *const groups[] = {"ACTIVE", "ERROR", NULL};
  struct custom_meters *custom = *state;
  struct meter rows[] = {{.name = "is", .choice = CHOICE_PATTERN},
                         {.name = "is_not", .choice = CHOICE_NAME},
                         {.name = "there"}};
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  put_listing(out, meters_get(0)->from);
  for (size_t i = 0; i < COUNT(rows); i++) {
    rows[i].from = meters_get(0)->from;
    rows[i].total = TOTAL_COUNT;
    rows[i].group = "{a}:{@project}";
    rows[i].groups = groups;
    rows[i].when = (struct condition){
        .field = "status", .texts = i < 2 ? texts : NULL, .others = i == 1};
    put_meter(out, &rows[i]);
  }
  fclose(out);
  must_read(custom, text);
  for (size_t i = 0; i < COUNT(rows); i++)
    same_meter(&rows[i], custom_meters_get(custom, meters_count() + i));
  free(text);
}

static void every_row_comes_back_from_its_configuration(void **state) {
  struct custom_meters *custom = *state;
  char *text = as_configuration();
  must_read(custom, text);
  assert_int_equal(custom_meters_count(custom), 2 * meters_count());
  for (size_t i = 0; i < meters_count(); i++) {
    assert_ptr_equal(custom_meters_get(custom, i), meters_get(i));
    same_meter(meters_get(i), custom_meters_get(custom, meters_count() + i));
  }
  assert_int_equal(heard_lines(), 0);
  free(text);
}

/* ---- what is right ------------------------------------------------------ */

#define LISTING                                                                \
  "<Listing \"machines\">\nService \"compute\"\nPath \"/servers/detail\"\n"    \
  "Record \"servers[]\"\nID \"id\"\n"
#define BARE                                                                   \
  "<Listing \"machines\">\nService \"compute\"\nPath \"/healthcheck\"\n"
#define SERVERS LISTING "Paging \"none\"\n</Listing>\n"
#define METER "<Meter \"server\">\nListing \"machines\"\n"

static void a_few_lines_make_a_meter(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom, SERVERS METER "</Meter>\n");
  const struct meter *m = custom_meters_get(custom, meters_count());
  assert_string_equal(m->name, "server");
  assert_string_equal(meter_type(m), "gauge");
  assert_null(m->value);
  assert_null(m->unit);
  assert_null(m->states);
  assert_true(m->negative); /* a built-in one has to ask for it */
  assert_int_equal(m->total, TOTAL_NONE);
  assert_int_equal(m->from->scope, LISTING_CLOUD);
  assert_int_equal(m->from->paging.kind, PAGING_NONE);
}

static void a_meter_may_ride_on_a_built_in_listing(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom, "<Meter \"volume.attachments\">\nListing \"volumes\"\n"
                    "Value \"count(attachments[])\"\n</Meter>\n");
  const struct meter *m = custom_meters_get(custom, meters_count());
  assert_string_equal(m->from->name, "volumes");
  bool built_in = false;
  for (size_t i = 0; i < meters_count(); i++)
    built_in = built_in || meters_get(i)->from == m->from;
  assert_true(built_in);
}

/* Whether something answers, and how fast. */
static void a_listing_without_records_is_of_requests(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom, BARE "AtRoot true\n</Listing>\n" METER
                         "Of \"request\"\nValue \"@seconds\"\n</Meter>\n");
  const struct meter *m = custom_meters_get(custom, meters_count());
  assert_null(m->from->record);
  assert_int_equal(m->of, METER_REQUEST);
}

static void states_are_looked_up_in_lower_case(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom,
            SERVERS METER "Value \"status\"\nState \"ACTIVE\" 1\n"
                          "State \"SHUTOFF\" -2.5\nSkipState \"DELETED\"\n"
                          "OtherState 9\n</Meter>\n");
  const struct state *s = custom_meters_get(custom, meters_count())->states;
  assert_string_equal(s[0].text, "active");
  assert_string_equal(s[1].text, "shutoff");
  assert_true(s[1].number == -2.5);
  assert_string_equal(s[2].text, "deleted");
  assert_true(isnan(s[2].number));
  assert_null(s[3].text);
  assert_true(s[3].number == 9);
}

/* Fixed words are of any case, as everywhere. */
static void groups_are_of_any_case(void **state) {
  static const char *const rows[][2] = {
      {"Project", "project"}, {"USER", "user"}, {"Zone", "Zone"}};
  struct custom_meters *custom = *state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    char *text =
        text_printf(LISTING "Paging \"none\"\nProject \"p\"\nUser \"u\"\n"
                            "</Listing>\n" METER
                            "Aggregate \"count\"\nGroupBy \"%s\"\n</Meter>\n",
                    rows[i][0]);
    must_read(custom, text);
    assert_string_equal(custom_meters_get(custom, meters_count())->group,
                        rows[i][1]);
    custom_meters_clear(custom);
    free(text);
  }
}

static void without_other_state_there_is_no_value(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom,
            SERVERS METER "Value \"status\"\nState \"a\" 1\n</Meter>\n");
  const struct state *s = custom_meters_get(custom, meters_count())->states;
  assert_null(s[1].text);
  assert_true(isnan(s[1].number));
}

static void several_headers_and_numbers_to_skip(void **state) {
  struct custom_meters *custom = *state;
  must_read(custom, LISTING "Paging \"none\"\nHeader \"X-A: 1\"\nHeader \"X-B: "
                            "2\"\n</Listing>\n" METER
                            "Value \"ram\"\nSkip 0\nSkip -1.5\n</Meter>\n");
  const struct meter *m = custom_meters_get(custom, meters_count());
  assert_string_equal(m->from->headers[1], "X-B: 2");
  assert_null(m->from->headers[2]);
  assert_int_equal(m->nskip, 2);
  assert_true(m->skip[1] == -1.5);
}

/* ---- what is wrong ------------------------------------------------------ */

#define L "config: <Listing \"machines\">: "
#define M "config: <Meter \"server\">: "

#define LONG "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

static const char *const mistakes[][2] = {
    {"<Listing>\n</Listing>\n", "config: <Listing>: needs one name in quotes"},
    {"<Meter \"a\" \"b\">\n</Meter>\n",
     "config: <Meter>: needs one name in quotes"},
    {"<Meter \"a b\">\n</Meter>\n",
     "config: <Meter \"a b\">: a name has up to 50 of the characters A-Z a-z "
     "0-9 . _ : @ -"},
    {"<Listing \"images\">\n</Listing>\n",
     "config: <Listing \"images\">: there is one of this name"},
    {SERVERS SERVERS, L "there is one of this name"},
    {"<Meter \"image.size\">\n</Meter>\n",
     "config: <Meter \"image.size\">: there is one of this name; in a <Cloud> "
     "such a block changes a meter"},
    {SERVERS METER "</Meter>\n" METER "</Meter>\n",
     M "there is one of this name; in a <Cloud> such a block changes a meter"},
    {"<Listing \"machines\">\n</Listing>\n", L "Service is missing"},
    {"<Listing \"machines\">\nService \"c\"\n</Listing>\n",
     L "Path is missing"},
    {BARE "</Listing>\n" METER "</Meter>\n",
     M "a Listing without Record has only meters Of \"request\""},
    {BARE "</Listing>\n" METER "Of \"headers\"\nValue \"a\"\n</Meter>\n",
     M "a Listing without Record has only meters Of \"request\""},
    {BARE "ID \"id\"\n</Listing>\n",
     L "Record is missing: ID, Paging, Truncated, Owners and Fields need one"},
    {BARE "Truncated \"truncated\"\n</Listing>\n",
     L "Record is missing: ID, Paging, Truncated, Owners and Fields need one"},
    {BARE "Fields true\n</Listing>\n",
     L "Record is missing: ID, Paging, Truncated, Owners and Fields need one"},
    {BARE "Paging \"link\"\nNext \"a\"\n</Listing>\n",
     L "Record is missing: ID, Paging, Truncated, Owners and Fields need one"},
    {BARE "Scope \"project\"\n</Listing>\n",
     L "Scope \"project\" and \"owner\" need a Record"},
    {BARE "AtRoot true\nUnversioned true\n</Listing>\n",
     L "AtRoot and Unversioned: only one of them"},
    {LISTING "Paging \"none\"\nAnyRequest true\n</Listing>\n",
     L "AnyRequest and Record do not go together"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/s\"\nRecord \"s[]\"\n"
     "</Listing>\n",
     L "ID is missing"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"s\"\nRecord \"s[]\"\n"
     "ID \"id\"\n</Listing>\n",
     L "Path must begin with \"/\""},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/{tenant}/s\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Path: only {project}, {owner}, {prefix} and {uid} are filled in"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/{project}/s\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Scope \"project\" and a {project} or {uid} in Path go together"},
    {LISTING "Scope \"project\"\n</Listing>\n",
     L "Scope \"project\" and a {project} or {uid} in Path go together"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/v2/../s\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Path must have no \".\" or \"..\""},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/s?a=b c\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Path: blanks, \"#\" and control bytes must be percent-encoded"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/s#a\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Path: blanks, \"#\" and control bytes must be percent-encoded"},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/s\177\"\n"
     "Record \"s[]\"\nID \"id\"\n</Listing>\n",
     L "Path: blanks, \"#\" and control bytes must be percent-encoded"},
    {LISTING "Scope \"region\"\n</Listing>\n",
     L "Scope \"region\": expected one of cloud, project, owner"},
    {LISTING "</Listing>\n",
     L "Paging is missing: \"none\" if one answer has all records"},
    {LISTING "Paging \"page\"\n</Listing>\n",
     L "Paging \"page\": expected one of none, link, links, marker, offset"},
    {LISTING "Paging \"link\"\n</Listing>\n",
     L "Next and Paging \"link\" or \"links\" go together"},
    {LISTING "Next \"links.next\"\n</Listing>\n",
     L "Next and Paging \"link\" or \"links\" go together"},
    {LISTING "Paging \"marker\"\n</Listing>\n",
     L "Marker and Paging \"marker\" go together"},
    {LISTING "Paging \"none\"\nMarkerWhen \"a\"\n</Listing>\n",
     L "MarkerWhen needs Paging \"marker\""},
    {LISTING "Paging \"offset\"\nTotalHeader \"X-Count\"\n</Listing>\n",
     L "TotalHeader: names of headers are in lower case"},
    {LISTING "Total \"count\"\n</Listing>\n",
     L "Total and TotalHeader need Paging \"marker\" or \"offset\""},
    {LISTING "Header \"X-A=1\"\n</Listing>\n",
     L "Header: expected \"Name: value\""},
    {LISTING "Header \"x-auth-token: abc\"\n</Listing>\n",
     L "Header: the token is ours to send"},
    {LISTING "Header \"X_Auth_TOKEN: abc\"\n</Listing>\n",
     L "Header: the token is ours to send"},
    {LISTING "Header \"X-Auth-Token : abc\"\n</Listing>\n",
     L "Header: what stands before the colon is no name of a header"},
    {LISTING "Header \": abc\"\n</Listing>\n",
     L "Header: what stands before the colon is no name of a header"},
    {LISTING "Header \"X-A: 1\002\"\n</Listing>\n",
     L "Header: expected \"Name: value\""},
    {LISTING "Microversion \"X-Auth-Token: 1.2\"\n</Listing>\n",
     L "Microversion: the token is ours to send"},
    {LISTING "Microversion \"X (A): 1.2\"\n</Listing>\n",
     L "Microversion: what stands before the colon is no name of a header"},
    {LISTING "Microversion \"X-A: 1.2.3\"\n</Listing>\n",
     L "Microversion: expected a header and a number, as in "
       "\"OpenStack-API-Version: volume 3.63\""},
    {LISTING "Paging \"none\"\nMicroversion \"2.79\"\n</Listing>\n",
     L "Microversion: expected a header and a number, as in "
       "\"OpenStack-API-Version: volume 3.63\""},
    {LISTING
     "Paging \"none\"\nMicroversion \"OpenStack-API-Version: compute latest\"\n"
     "</Listing>\n",
     L "Microversion: expected a header and a number, as in "
       "\"OpenStack-API-Version: volume 3.63\""},
    {"<Listing \"machines\">\nService \"c\"\nPath \"/s\"\nRecord \"s[]\"\n"
     "ID \"{@project}/{id}\"\nPaging \"none\"\n</Listing>\n",
     L "{@project} in ID or Name needs Scope \"project\""},
    {LISTING "Absent 200\n</Listing>\n",
     L "Absent 200: must be from 400 to 499"},
    {LISTING "Paging \"none\"\nOwners \"images\"\n</Listing>\n",
     L "Owners and Owner go together"},
    {LISTING "Paging \"none\"\nOwner \"x\"\n</Listing>\n",
     L "Owners and Owner go together"},
    {LISTING "Paging \"none\"\nOwner \"x\"\nOwners \"images\"\n</Listing>\n",
     L "Owners must be of the same Service"},
    {LISTING "Paging \"none\"\nOwner \"x\"\nOwners \"machines\"\n</Listing>\n",
     L "Owners \"machines\": is this listing itself"},
    {LISTING "Paging \"none\"\nOwner \"x\"\nOwners \"none\"\n</Listing>\n",
     L "Owners \"none\": no such listing"},
    {LISTING "Role \"admin\"\n</Listing>\n",
     L "Role and WithoutRole go together"},
    {LISTING "Recrod \"x[]\"\n</Listing>\n",
     L "Recrod (hidden): no such option; did you mean Record?"},
    {LISTING "Path \"/other\"\n</Listing>\n", L "Path \"/other\": given twice"},
    {"<Meter \"server\">\n</Meter>\n", M "Listing is missing"},
    {METER "</Meter>\n", M "Listing \"machines\": no such listing"},
    {SERVERS METER "Of \"body\"\n</Meter>\n",
     M "Of \"body\": expected one of record, headers, answer, request"},
    {SERVERS METER "Of \"request\"\n</Meter>\n",
     M "Of \"request\" needs a Value"},
    {SERVERS METER "Of \"request\"\nValue \"@age\"\n</Meter>\n",
     M "field \"@age\": a request has @status, @seconds and @bytes"},
    {SERVERS METER "Of \"request\"\nValue \"status\"\n</Meter>\n",
     M "field \"status\": a request has @status, @seconds and @bytes"},
    {SERVERS METER "Of \"request\"\nValue \"count(@status)\"\n</Meter>\n",
     M "field \"@status\": a request has @status, @seconds and @bytes"},
    {SERVERS METER "Value \"@status\"\n</Meter>\n",
     M "field \"@status\": a name with a brace, or a \"@\" at its beginning, "
       "stands in quotes; only @key, @value and, in ID, Name, GroupBy and "
       "formats, {@project}, {@owner} and {@owner_name} are known"},
    {SERVERS METER "Of \"request\"\nValue \"@seconds\"\n"
                   "Aggregate \"max\"\n</Meter>\n",
     M "Of \"request\" has no Aggregate"},
    {SERVERS METER "Of \"answer\"\n</Meter>\n",
     M "Of \"answer\" needs a Value"},
    {SERVERS METER "Of \"headers\"\nValue \"X-Count\"\n</Meter>\n",
     M "Value: names of headers are in lower case"},
    {SERVERS METER "Of \"headers\"\nValue \"count(x-count)\"\n</Meter>\n",
     M "sum() and count() are of lists; headers have none"},
    {SERVERS METER "Of \"headers\"\nValue \"a[]\"\n</Meter>\n",
     M "\"a[]\" is no name of a header"},
    {SERVERS METER "Of \"headers\"\nValue \"x-count\"\n"
                   "Aggregate \"sum\"\nGroupBy \"X-Zone\"\n</Meter>\n",
     M "GroupBy: names of headers are in lower case"},
    {SERVERS METER "Value \"default(a, 'b')\"\n</Meter>\n",
     M "meter \"server\": expression \"default(a, 'b')\": there are no texts "
       "and no comparisons at \"'b')\""},
    {SERVERS METER "Value \"if(a>0, 1, 2)\"\n</Meter>\n",
     M "meter \"server\": expression \"if(a>0, 1, 2)\": there are no texts and "
       "no comparisons at \"a>0, 1, 2)\""},
    {SERVERS METER "State \"a\" 1\n</Meter>\n", M "Value is missing"},
    {SERVERS METER "Value \"s\"\nState \"a\" 1\nState \"A\" 2\n</Meter>\n",
     M "State or SkipState \"a\": given twice"},
    {SERVERS METER "Value \"s\"\nState \"a\" 1\nSkipState \"A\"\n</Meter>\n",
     M "State or SkipState \"a\": given twice"},
    {SERVERS METER "Value \"s\"\nSkipState \"" LONG "x\"\n</Meter>\n",
     M "State \"" LONG "x\": longer than 63 bytes"},
    {SERVERS METER "State \"a\"\n</Meter>\n",
     M "State \"a\": expected a string in quotes and a number"},
    {SERVERS METER "Value \"a\"\nOtherState 1\n</Meter>\n",
     M "OtherState needs State"},
    {SERVERS METER "Value \"a\"\nState \"a\" 1\nSkip 1\n</Meter>\n",
     M "Skip is of numbers, SkipState of states"},
    {SERVERS METER "Skip 0\n</Meter>\n", M "Value is missing"},
    {SERVERS METER "Value \"a\"\nSkip \"x\"\n</Meter>\n",
     M "Skip \"x\": expected a number from -1.79769313486232e+308 to "
       "1.79769313486232e+308"},
    {SERVERS METER "GroupBy \"project\"\n</Meter>\n",
     M "GroupBy needs Aggregate"},
    {SERVERS METER "Aggregate \"sum\"\n</Meter>\n", M "Value is missing"},
    {SERVERS METER "Group \"a\"\n</Meter>\n",
     M "Group needs GroupBy, and Aggregate \"count\" or \"sum\""},
    {SERVERS METER "Value \"a\"\nAggregate \"max\"\nGroupBy \"b\"\n"
                   "Group \"a\"\n</Meter>\n",
     M "Group needs GroupBy, and Aggregate \"count\" or \"sum\""},
    {SERVERS METER "Aggregate \"count\"\nGroupBy \"project\"\n</Meter>\n",
     M "GroupBy: records of this listing have no project"},
    {SERVERS METER "Aggregate \"count\"\nGroupBy \"{@project}:{a}\"\n"
                   "</Meter>\n",
     M "GroupBy: records of this listing have no project"},
    {SERVERS METER "Aggregate \"count\"\nGroupBy \"user\"\n</Meter>\n",
     M "GroupBy: records of this listing have no user"},
    {SERVERS METER "Aggregate \"count\"\nGroupBy \"{a\"\n</Meter>\n",
     M "meter \"server\": group \"{a\" has a brace that does not close"},
    {SERVERS METER "Is \"a\"\n</Meter>\n", M "Is and IsNot need When"},
    {SERVERS METER "When \"a\"\nIs \"a\"\nIsNot \"b\"\n</Meter>\n",
     M "Is and IsNot: only one of them"},
    {SERVERS METER "When \"a\"\nIsNot \"" LONG "x\"\n</Meter>\n",
     M "Is or IsNot: a text of more than 63 bytes"},
    {SERVERS METER "When \"{a}\"\n</Meter>\n",
     M "field \"{a}\": a name with a brace, or a \"@\" at its beginning, "
       "stands in quotes; only @key, @value and, in ID, Name, GroupBy and "
       "formats, {@project}, {@owner} and {@owner_name} are known"},
    {SERVERS METER "Aggregate \"average\"\n</Meter>\n",
     M "Aggregate \"average\": expected one of none, count, sum, min, max"},
    {SERVERS METER "MaxSeries -1\n</Meter>\n",
     M "MaxSeries -1: must be from 1 to 1000000000"},
};

static void each_mistake_is_one_line(void **state) {
  struct custom_meters *custom = *state;
  for (size_t i = 0; i < COUNT(mistakes); i++) {
    heard_forget();
    assert_int_equal(read_text(custom, mistakes[i][0]), -1);
    assert_int_equal(heard_lines(), 1);
    assert_string_equal(heard_line(0, NULL), mistakes[i][1]);
    custom_meters_clear(custom);
  }
}

/* What a path or an expression lacks is the expression's own to say. */
static void what_cannot_be_bound_is_told(void **state) {
  static const char *const rows[] = {
      SERVERS METER "Value \"1 +\"\n</Meter>\n",
      SERVERS METER "Value \"sqrt(ram)\"\n</Meter>\n",
      SERVERS METER "Value \"a[\"\n</Meter>\n",
      SERVERS METER "Aggregate \"count\"\nGroupBy \"a[\"\n</Meter>\n",
      LISTING "Paging \"none\"\nMetadataField \"a[\"\n</Listing>\n",
      LISTING "Paging \"link\"\nNext \"[\"\n</Listing>\n",
      ("<Listing \"machines\">\nService \"c\"\nPath \"/s\"\n"
       "Record \"s[\"\nPaging \"none\"\nID \"id\"\n</Listing>\n")};
  struct custom_meters *custom = *state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    heard_forget();
    assert_int_equal(read_text(custom, rows[i]), -1);
    assert_int_equal(heard_lines(), 1);
    const char *line = heard_line(0, NULL);
    assert_true(strncmp(line, L, strlen(L)) == 0 ||
                strncmp(line, M, strlen(M)) == 0);
    custom_meters_clear(custom);
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(every_row_comes_back_from_its_configuration),
      TEST(other_rows_come_back_too),
      TEST(a_few_lines_make_a_meter),
      TEST(a_meter_may_ride_on_a_built_in_listing),
      TEST(a_listing_without_records_is_of_requests),
      TEST(states_are_looked_up_in_lower_case),
      TEST(groups_are_of_any_case),
      TEST(without_other_state_there_is_no_value),
      TEST(several_headers_and_numbers_to_skip),
      TEST(each_mistake_is_one_line),
      TEST(what_cannot_be_bound_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
