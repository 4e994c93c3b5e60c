#include "walk/listing_url.h"

#include "net/extract.h"
#include "net/url.h"
#include "settings/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the API calls a field, up to the first '.' or '[': it knows the names of
 * its own records only, and where those hold ours, the list in which ours
 * stand. NULL: it has no name for the record itself, nor for what is in a
 * member of an object. */
static const char *asked_path(const struct binding *binding, const char *path) {
  const char *record = binding_listing(binding)->record;
  const char *inner = strstr(record, "[].");
  size_t len = strlen(record), outer = strlen(EXTRACT_OUTER);
  if (strncmp(path, EXTRACT_OUTER, outer) == 0)
    return path + outer;
  if (inner != NULL)
    return inner + strlen("[].");
  bool member = len > 0 && record[len - 1] == '*';
  return member || path[0] == '@' || path[0] == '\0' ? NULL : path;
}

static size_t top_length(const char *path) { return strcspn(path, ".["); }

static bool asked_before(const struct binding *binding,
                         const struct extract_field *fields, size_t i) {
  const char *path = asked_path(binding, fields[i].path);
  size_t len = top_length(path);
  for (size_t j = 0; j < i; j++) {
    const char *before = asked_path(binding, fields[j].path);
    if (before != NULL && top_length(before) == len &&
        strncmp(before, path, len) == 0)
      return true;
  }
  return false;
}

char *listing_url_fields(char *url, const struct binding *binding) {
  size_t n;
  const struct extract_field *fields =
      binding_fields(binding, METER_RECORD, &n);
  for (size_t i = 0; url != NULL && i < n; i++) {
    char name[128];
    const char *path = asked_path(binding, fields[i].path);
    if (path == NULL || asked_before(binding, fields, i))
      continue;
    snprintf(name, sizeof(name), "%.*s", (int)top_length(path), path);
    char *longer = url_with_parameter(url, "fields", name);
    free(url);
    url = longer;
  }
  return url;
}

char *listing_url(const struct pass_plan *plan, const char *id) {
  const struct pass_access *access = plan->access;
  const char *asked = id != NULL ? id : "";
  char uid[300] = "";
  if (access->implicit_tenants)
    snprintf(uid, sizeof(uid), "%s$%s", asked, asked);
  const struct url_placeholder placeholders[] = {
      {"project", asked},
      {"owner", asked},
      {"prefix", plan->account_prefix},
      {"uid", uid[0] != '\0' ? uid : asked}};
  char *base = plan->listing->at_root       ? url_root(plan->url)
               : plan->listing->unversioned ? url_service(plan->url)
                                            : strdup(plan->url);
  char *url = base == NULL
                  ? NULL
                  : url_join(base, plan->listing->path, placeholders, 4);
  free(base);
  return plan->listing->fields ? listing_url_fields(url, plan->binding) : url;
}
