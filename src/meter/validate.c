#include "meter/validate.h"

#include "base/text.h"
#include "meter/search.h"
#include "net/url.h"

#include <string.h>

/* Bytes of a text that samples.c looks up, and of an id's format. */
enum { STATE_MOST = 63, ID_MOST = 200 };

/* ---- names -------------------------------------------------------------- */

/* RFC 9110, 5.6.2 */
static bool is_token(const char *text, size_t len) {
  static const char bytes[] = "!#$%&'*+-.^_`|~0123456789"
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return len > 0 && strspn(text, bytes) >= len;
}

static bool has_control(const char *text) {
  for (; *text != '\0'; text++)
    if ((*text >= 0 && *text < 0x20) || *text == 0x7f)
      return true;
  return false;
}

/* Servers take '_' for '-' here. */
static bool is_token_header(const char *name, size_t len) {
  static const char ours[] = "x-auth-token";
  char lower[sizeof(ours)];
  if (len != sizeof(ours) - 1)
    return false;
  text_lower(lower, sizeof(lower), name);
  for (char *c = lower; *c != '\0'; c++)
    *c = *c == '_' ? '-' : *c;
  return strcmp(lower, ours) == 0;
}

/* They are compared in lower case, whatever a server sends. */
static bool is_lower(const char *header) {
  return strpbrk(header, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
}

/* "Name: value" that we send; the value may be secret. */
static const char *wrong_header(const char *header) {
  size_t name = strcspn(header, ":");
  if (strncmp(header + name, ": ", 2) != 0 || has_control(header))
    return "expected \"Name: value\"";
  if (!is_token(header, name))
    return "what stands before the colon is no name of a header";
  if (is_token_header(header, name))
    return "the token is ours to send";
  return NULL;
}

/* "@project" and braces mean something elsewhere, and here a field that no
 * record has. */
static bool is_field(const char *path) {
  bool quoted = false;
  if (path[0] == '@')
    return strcmp(path, EXTRACT_KEY) == 0 || strcmp(path, EXTRACT_VALUE) == 0;
  for (; *path != '\0'; path++) {
    if (*path == '"')
      quoted = !quoted;
    else if (!quoted && (*path == '{' || *path == '}'))
      return false;
  }
  return true;
}

static int no_field(const char *path, struct error *err) {
  return error_set(
      err, ERROR_CONFIG,
      "field \"%.100s\": a name with a brace, or a \"@\" at its "
      "beginning, stands in quotes; only @key, @value and, in ID, Name, "
      "GroupBy and formats, {@project}, {@owner} and {@owner_name} are known",
      path);
}

static int check_field(const char *path, struct error *err) {
  return is_field(path) ? 0 : no_field(path, err);
}

/* Of records and links: it begins at the root. */
static int check_root_path(const char *path, struct error *err) {
  bool below = path[0] == '@' ||
               strncmp(path, EXTRACT_OUTER, strlen(EXTRACT_OUTER)) == 0;
  return below ? no_field(path, err) : check_field(path, err);
}

/* ---- what an answer is searched for ------------------------------------- */

static int check_header_fields(const struct binding *binding,
                               struct error *err) {
  size_t n;
  const struct extract_field *fields =
      binding_fields(binding, METER_HEADERS, &n);
  for (size_t i = 0; i < n; i++) {
    if (fields[i].mode != EXTRACT_FIRST)
      return error_set(err, ERROR_CONFIG,
                       "sum() and count() are of lists; headers have none");
    if (!is_token(fields[i].path, strlen(fields[i].path)))
      return error_set(err, ERROR_CONFIG, "\"%.100s\" is no name of a header",
                       fields[i].path);
  }
  return 0;
}

static int check_fields(const struct binding *binding, enum meter_of of,
                        struct error *err) {
  size_t n;
  const struct extract_field *fields = binding_fields(binding, of, &n);
  for (size_t i = 0; i < n; i++)
    if (check_field(fields[i].path, err) != 0)
      return -1;
  return 0;
}

static bool is_request_field(const struct extract_field *field) {
  return field->mode == EXTRACT_FIRST &&
         (strcmp(field->path, REQUEST_STATUS) == 0 ||
          strcmp(field->path, REQUEST_SECONDS) == 0 ||
          strcmp(field->path, REQUEST_BYTES) == 0);
}

static int check_request_fields(const struct binding *binding,
                                struct error *err) {
  size_t n;
  const struct extract_field *fields =
      binding_fields(binding, METER_REQUEST, &n);
  for (size_t i = 0; i < n; i++)
    if (!is_request_field(&fields[i]))
      return error_set(err, ERROR_CONFIG,
                       "field \"%.100s\": a request has " REQUEST_STATUS
                       ", " REQUEST_SECONDS " and " REQUEST_BYTES,
                       fields[i].path);
  return 0;
}

static int check_search(const struct binding *binding, struct error *err) {
  struct extract *extract = search_new(binding, &(struct search){0}, err);
  extract_free(extract);
  return extract != NULL ? 0 : -1;
}

static int try_search(const struct listing *listing,
                      const struct meter *const *meters, size_t nmeters,
                      bool metadata, struct error *err) {
  struct binding *binding =
      binding_new(listing, meters, nmeters, metadata, err);
  bool failed = binding == NULL || check_header_fields(binding, err) != 0 ||
                check_fields(binding, METER_RECORD, err) != 0 ||
                check_fields(binding, METER_ANSWER, err) != 0 ||
                check_request_fields(binding, err) != 0 ||
                check_search(binding, err) != 0;
  binding_free(binding);
  return failed ? -1 : 0;
}

/* ---- listings ----------------------------------------------------------- */

/* Only these are filled in (listing_url.c). */
static bool knows_placeholders(const char *path) {
  static const char *const placeholders[] = {"{project}", "{owner}", "{prefix}",
                                             "{uid}"};
  for (const char *at = strchr(path, '{'); at != NULL;
       at = strchr(at + 1, '{')) {
    bool known = false;
    for (size_t i = 0; i < 4; i++)
      known =
          known || strncmp(at, placeholders[i], strlen(placeholders[i])) == 0;
    if (!known)
      return false;
  }
  return true;
}

static const char *wrong_path(const struct listing *l) {
  bool each =
      strstr(l->path, "{project}") != NULL || strstr(l->path, "{uid}") != NULL;
  if (l->path[0] != '/')
    return "Path must begin with \"/\"";
  if (has_control(l->path) || strpbrk(l->path, " #") != NULL)
    return "Path: blanks, \"#\" and control bytes must be percent-encoded";
  if (url_has_dots(l->path))
    return "Path must have no \".\" or \"..\"";
  if (!knows_placeholders(l->path))
    return "Path: only {project}, {owner}, {prefix} and {uid} are filled in";
  if (each != (l->scope == LISTING_PROJECT))
    return "Scope \"project\" and a {project} or {uid} in Path go together";
  if ((strstr(l->path, "{owner}") != NULL) != (l->scope == LISTING_OWNER))
    return "Scope \"owner\" and an {owner} in Path go together";
  return NULL;
}

static const char *wrong_paging(const struct listing *l) {
  const struct paging *p = &l->paging;
  bool link = p->kind == PAGING_LINK || p->kind == PAGING_LINKS;
  bool total = p->total != NULL || p->total_header != NULL;
  if (link != (p->next != NULL))
    return "Next and Paging \"link\" or \"links\" go together";
  if ((p->kind == PAGING_MARKER) != (p->marker != NULL))
    return "Marker and Paging \"marker\" go together";
  if (p->marker_when != NULL && p->kind != PAGING_MARKER)
    return "MarkerWhen needs Paging \"marker\"";
  if (p->total_header != NULL && !is_lower(p->total_header))
    return "TotalHeader: names of headers are in lower case";
  if (total && p->kind != PAGING_MARKER && p->kind != PAGING_OFFSET)
    return "Total and TotalHeader need Paging \"marker\" or \"offset\"";
  if (p->truncated != NULL && !link && p->kind != PAGING_NONE)
    return "Truncated needs Paging \"none\", \"link\" or \"links\"";
  return NULL;
}

static const char *wrong_owners(const struct listing *l) {
  bool each = l->scope == LISTING_OWNER;
  if (each && (l->owners == NULL || l->owner != NULL))
    return "Scope \"owner\" needs Owners, and no Owner";
  if (!each && (l->owners == NULL) != (l->owner == NULL))
    return "Owners and Owner go together";
  if (l->owners == NULL)
    return NULL;
  if (l->owners->record == NULL)
    return "Owners: that listing has no Record";
  if (l->owners->owners != NULL)
    return "Owners: that listing has owners itself";
  if (strcmp(l->owners->service, l->service) != 0)
    return "Owners must be of the same Service";
  if (l->scope == LISTING_PROJECT || l->owners->scope != LISTING_CLOUD)
    return "Owners: no listing by project, and none of such a listing";
  return NULL;
}

/* A word that stands for whom a request asks for, in a listing that asks for
 * nobody like that; NULL: nothing wrong. */
static const char *wrong_words(const struct listing *l, const char *text) {
  if (text == NULL)
    return NULL;
  if (l->scope != LISTING_PROJECT && strstr(text, "{@project}") != NULL)
    return "{@project} in ID or Name needs Scope \"project\"";
  if (l->scope != LISTING_OWNER && strstr(text, "{@owner") != NULL)
    return "{@owner} and {@owner_name} need Scope \"owner\"";
  return NULL;
}

/* What is about records needs some. */
static const char *wrong_record(const struct listing *l) {
  if (l->record == NULL)
    return l->id != NULL || l->paging.kind != PAGING_NONE ||
                   l->owners != NULL || l->fields || l->paging.truncated != NULL
               ? "Record is missing: ID, Paging, Truncated, Owners and Fields "
                 "need one"
               : NULL;
  if (l->any_request)
    return "AnyRequest and Record do not go together";
  if (l->id == NULL)
    return "ID is missing";
  if (strlen(l->id) > ID_MOST) /* it is repeated in messages */
    return "ID is too long";
  return NULL;
}

/* What its members say together; NULL: nothing wrong. */
static const char *wrong_listing(const struct listing *l) {
  const char *wrong = wrong_record(l);
  if (wrong != NULL)
    return wrong;
  if (l->record == NULL && l->scope != LISTING_CLOUD)
    return "Scope \"project\" and \"owner\" need a Record";
  if (l->paced && l->scope == LISTING_CLOUD)
    return "Paced needs Scope \"project\" or \"owner\"";
  if ((l->role == NULL) != (l->without_role == NULL))
    return "Role and WithoutRole go together";
  if (l->at_root && l->unversioned)
    return "AtRoot and Unversioned: only one of them";
  wrong = wrong_path(l);
  if (wrong == NULL)
    wrong = wrong_owners(l);
  if (wrong == NULL)
    wrong = wrong_words(l, l->id);
  if (wrong == NULL)
    wrong = wrong_words(l, l->name_field);
  return wrong != NULL ? wrong : wrong_paging(l);
}

static int check_headers(const struct listing *l, struct error *err) {
  const char *wrong =
      l->version_header != NULL ? wrong_header(l->version_header) : NULL;
  if (wrong != NULL)
    return error_set(err, ERROR_CONFIG, "Microversion: %s", wrong);
  for (size_t i = 0; l->headers != NULL && l->headers[i] != NULL; i++) {
    wrong = wrong_header(l->headers[i]);
    if (wrong != NULL)
      return error_set(err, ERROR_CONFIG, "Header: %s", wrong);
  }
  return 0;
}

int validate_listing(const struct listing *listing, struct error *err) {
  const struct paging *paging = &listing->paging;
  const char *wrong = wrong_listing(listing);
  if (wrong != NULL)
    return error_set(err, ERROR_CONFIG, "%s", wrong);
  if (check_headers(listing, err) != 0 ||
      (listing->record != NULL && check_root_path(listing->record, err) != 0) ||
      (paging->next != NULL && check_root_path(paging->next, err) != 0) ||
      (paging->truncated != NULL &&
       check_root_path(paging->truncated, err) != 0))
    return -1;
  return try_search(listing, NULL, 0, true, err);
}

/* ---- meters ------------------------------------------------------------- */

static bool takes_values(enum total_kind total) {
  return total != TOTAL_NONE && total != TOTAL_COUNT;
}

/* Groups of what no record of the listing has would be no group at all. */
static const char *wrong_group(const struct meter *m) {
  const struct listing *l = m->from;
  const char *group = m->group;
  bool record = m->of == METER_RECORD;
  bool own = record && (l->project != NULL || l->older_project != NULL);
  bool owners = (record || l->scope == LISTING_OWNER) && l->owners != NULL &&
                l->owners->project != NULL;
  bool whose = own || owners || l->scope == LISTING_PROJECT;
  if (!whose && (strcmp(group, METER_BY_PROJECT) == 0 ||
                 strstr(group, "{@project}") != NULL))
    return "GroupBy: records of this listing have no project";
  if ((l->user == NULL || !record) && strcmp(group, METER_BY_USER) == 0)
    return "GroupBy: records of this listing have no user";
  return NULL;
}

/* What total and condition say together; NULL: nothing wrong. */
static const char *wrong_total(const struct meter *m) {
  const char *const *text = m->when.texts;
  if (m->groups != NULL &&
      (m->group == NULL || (m->total != TOTAL_COUNT && m->total != TOTAL_SUM)))
    return "Group needs GroupBy, and Aggregate \"count\" or \"sum\"";
  for (; text != NULL && *text != NULL; text++)
    if (strlen(*text) > STATE_MOST)
      return "Is or IsNot: a text of more than 63 bytes";
  if (m->of == METER_HEADERS && m->when.field != NULL &&
      !is_lower(m->when.field))
    return "When: names of headers are in lower case";
  return m->group != NULL ? wrong_group(m) : NULL;
}

static const char *wrong_request(const struct meter *m) {
  if (m->of != METER_REQUEST)
    return m->from->record == NULL
               ? "a Listing without Record has only meters Of \"request\""
               : NULL;
  if (m->value == NULL)
    return "Of \"request\" needs a Value";
  return m->total != TOTAL_NONE ? "Of \"request\" has no Aggregate" : NULL;
}

static const char *wrong_meter(const struct meter *m) {
  const char *wrong = wrong_request(m);
  if (wrong != NULL)
    return wrong;
  if (m->group != NULL && m->total == TOTAL_NONE)
    return "GroupBy needs Aggregate";
  if (m->value == NULL &&
      (m->states != NULL || m->nskip > 0 || takes_values(m->total)))
    return "Value is missing";
  if (m->value == NULL && m->of == METER_HEADERS)
    return "Of \"headers\" needs a Value";
  if (m->value == NULL && m->of == METER_ANSWER)
    return "Of \"answer\" needs a Value";
  if (m->states != NULL && strchr(m->value, '"') == NULL &&
      strpbrk(m->value, " (") != NULL)
    return "State needs one field as Value";
  if (m->of == METER_HEADERS && !is_lower(m->value))
    return "Value: names of headers are in lower case";
  if (m->of == METER_HEADERS && m->group != NULL && !is_lower(m->group))
    return "GroupBy: names of headers are in lower case";
  return wrong_total(m);
}

static bool is_repeated(const struct state *state) {
  for (const struct state *s = state + 1; s->text != NULL; s++)
    if (strcmp(s->text, state->text) == 0)
      return true;
  return false;
}

static int check_states(const struct state *state, struct error *err) {
  for (; state != NULL && state->text != NULL; state++) {
    if (strlen(state->text) > STATE_MOST)
      return error_set(err, ERROR_CONFIG,
                       "State \"%.100s\": longer than %d bytes", state->text,
                       STATE_MOST);
    if (is_repeated(state))
      return error_set(err, ERROR_CONFIG,
                       "State or SkipState \"%.100s\": given twice",
                       state->text);
  }
  return 0;
}

int validate_meter(const struct meter *meter, struct error *err) {
  const char *wrong = wrong_meter(meter);
  if (wrong != NULL)
    return error_set(err, ERROR_CONFIG, "%s", wrong);
  if (check_states(meter->states, err) != 0)
    return -1;
  return try_search(meter->from, &meter, 1, true, err);
}

int validate_walk(const struct meter *const *meters, size_t n, bool metadata,
                  struct error *err) {
  const struct listing *listing = meters[0]->from;
  if (try_search(listing, meters, n, metadata, err) == 0)
    return 0;
  /* Each by itself is good. */
  if (err->code == ERROR_CONFIG)
    error_set(err, ERROR_CONFIG,
              "listing \"%s\": more than %d fields; leave out meters or give "
              "some another Interval",
              listing->name, METER_FIELDS);
  return -1;
}
