#include "keystone/microversion.h"

#include "base/text.h"
#include "net/question.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asking {
  struct question_reader reader;
  unsigned wanted, minor; /* major; the highest offered of it */
  bool found;             /* one with a microversion */
  char *link,
      *chosen; /* of the version that is read; of the one that is wanted */
};

static bool read_version(const char *text, unsigned *major, unsigned *minor) {
  return sscanf(text, "%5u.%5u", major, minor) == 2;
}

static int on_version(void *arg, const struct cell *cells) {
  struct asking *asking = arg;
  unsigned major, minor;
  if (cells[0].kind != CELL_STRING ||
      !read_version(cells[0].text, &major, &minor) || major != asking->wanted)
    return 0;
  if (!asking->found || minor > asking->minor)
    asking->minor = minor;
  asking->found = true;
  return 0;
}

/* 300 Multiple Choices, from the root of all versions, is as good. */
static int judge_status(struct question_reader *reader,
                        const struct http_reply *reply, struct error *err) {
  (void)reader;
  if (reply->status == 200 || reply->status == 300)
    return 0;
  error_set(err, ERROR_STATUS, "HTTP %ld", reply->status);
  err->detail = (int)reply->status;
  return -1;
}

static int ask_versions(const struct version_query *query,
                        const struct extract_group groups[2],
                        struct asking *asking, struct error *err) {
  struct http_reply reply;
  char *url = url_version(query->endpoint);
  if (url == NULL)
    return error_memory(err);
  struct question question = {
      .http = query->http,
      .deadline_ms = query->deadline_ms,
      .request = {.method = "GET",
                  .url = url,
                  .headers = {"Accept: application/json", query->header},
                  .choices = true},
      .groups = groups,
      .ngroups = 2,
      .reader = &asking->reader,
      .judge = judge_status};
  int status = question_ask(&question, &reply, err);
  if (status != 0)
    error_wrap(err, "version document at %s", url);
  free(url);
  return status;
}

int version_ask(const struct version_query *query, char *dst,
                struct error *err) {
  static const struct extract_field fields[] = {{.path = "version"}};
  /* Of all versions, or of the one that the endpoint names, as Nova's and
   * Ironic's are. */
  static const struct extract_group groups[] = {
      {"versions[]", fields, 1, on_version, NULL},
      {"version", fields, 1, on_version, NULL}};
  struct asking asking = {.found = false};
  unsigned minor;
  if (!read_version(query->wanted, &asking.wanted, &minor))
    return error_set(err, ERROR_CONFIG, "\"%s\" is not a microversion",
                     query->wanted);
  if (ask_versions(query, groups, &asking, err) != 0)
    return -1;
  dst[0] = '\0';
  if (asking.found)
    snprintf(dst, VERSION_TEXT, "%u.%u", asking.wanted,
             asking.minor < minor ? asking.minor : minor);
  return 0;
}

/* ---- where a version is ------------------------------------------------- */

static int on_link(void *arg, const struct cell *cells) {
  struct asking *asking = arg;
  if (cells[0].kind != CELL_STRING || strcmp(cells[0].text, "self") != 0 ||
      cells[1].kind != CELL_STRING || cells[1].cut ||
      url_wrong_path(cells[1].text) != NULL)
    return 0;
  free(asking->link);
  asking->link = strdup(cells[1].text);
  return asking->link != NULL ? 0 : error_memory(&asking->reader.error);
}

/* Its microversion says which it is, and its id where there is none: "v3.0".
 * One with microversions is better: Nova's v2.0 stands in front of its v2.1,
 * and takes none. */
static int on_choice(void *arg, const struct cell *cells) {
  struct asking *asking = arg;
  unsigned major = 0, minor;
  bool micro = cells[0].kind == CELL_STRING &&
               read_version(cells[0].text, &major, &minor);
  if (!micro)
    major = cells[1].kind == CELL_STRING && cells[1].text[0] == 'v'
                ? (unsigned)strtoul(cells[1].text + 1, NULL, 10)
                : 0;
  if (major == asking->wanted &&
      (asking->chosen == NULL || (micro && !asking->found))) {
    free(asking->chosen);
    asking->chosen = asking->link;
    asking->found = micro;
    asking->link = NULL;
  }
  free(asking->link);
  asking->link = NULL;
  return 0;
}

int version_url(const struct version_query *query, char **ret,
                struct error *err) {
  static const struct extract_field links[] = {{.path = "rel"},
                                               {.path = "href"}};
  static const struct extract_field fields[] = {{.path = "version"},
                                                {.path = "id"}};
  static const struct extract_group groups[] = {
      {"versions[]", fields, 2, on_choice, NULL},
      {"versions[].links[]", links, 2, on_link, NULL}};
  struct asking asking = {.wanted = (unsigned)strtoul(query->wanted, NULL, 10)};
  int status = ask_versions(query, groups, &asking, err);
  *ret = NULL;
  if (status == 0 && asking.chosen != NULL)
    *ret = url_at_version(query->endpoint, asking.chosen);
  free(asking.link);
  free(asking.chosen);
  return status;
}
