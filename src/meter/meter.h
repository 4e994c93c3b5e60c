/*
 * meter - what is listed, what is measured, and how a record becomes a sample
 *
 * `struct listing` and `struct meter` are data. Those that are built in stand
 * in meters/, one file per service; what an operator writes makes the same
 * structs, and from here on nobody can tell them apart. A new meter is a row.
 *
 * binding.h and samples.h turn them into work. Nothing here does anything.
 */
#ifndef METER_H
#define METER_H

#include "meter/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fields of a listing and of all its meters in one walk, at most. An answer is
 * searched for a few more, which lead to the next page (search.h). */
#define METER_FIELDS 112

enum listing_scope {
  LISTING_CLOUD,   /* one request, and its further pages */
  LISTING_PROJECT, /* one request for each project; see `path` */
};

enum paging_kind {
  PAGING_NONE,
  PAGING_LINK,   /* the answer says where it goes on: `next` */
  PAGING_LINKS,  /* the same in an array of {rel, href}: `next` names it */
  PAGING_MARKER, /* marker=<the last record's name>, until a page is empty */
  PAGING_OFFSET, /* offset=<records so far>, until a page is empty */
};

struct paging {
  enum paging_kind kind;
  const char *next;   /* LINK: path of the link; LINKS: path of the elements */
  const char *marker; /* MARKER: field of a record */
  /* MARKER, OFFSET: who says how many records there are in all, which saves
   * asking for the empty page: a header, or a path from the answer's root. */
  const char *total_header, *total;
  /* Path of a mark, true where the service has cut the rest off and links to
   * nothing: Keystone's list_limit. Or NULL. */
  const char *truncated;
};

enum listing_auth {
  AUTH_TOKEN, /* the session's token */
  AUTH_S3,    /* signed with the cloud's RADOS gateway keys */
};

struct listing {
  const char *name;    /* "images": in log lines and self-metrics */
  const char *service; /* type in the catalogue: "image"; AUTH_S3: unless the
                          configuration names another */
  /* Below the service's endpoint, with the query of the first page. Begins with
   * "/v" and a digit if the version is not part of the endpoint. Names in
   * braces are filled in: url.h. */
  const char *path;
  /* How often it is worth asking, where the operator gives no Interval; 0: as
   * often as all else. What hardly changes, or costs a request for each
   * project, is asked for less (quotas: hourly). */
  int64_t interval_ms;
  bool at_root; /* below the endpoint's host, whatever its path */
  bool fields;  /* the API takes fields=NAME: ask for no more than we read */
  enum listing_scope scope;
  enum listing_auth auth;
  const char *record; /* path of a record: "images[]" */
  struct paging paging;
  /* Whose a record is. `id`: a field, or a text with fields in braces:
   * "{binary}@{host}"; "{@project}" is the project asked for. The others are
   * fields, or NULL if the API has none. */
  const char *id, *name_field, *project, *user;
  /* Where `project` is missing: its name in older releases. Or NULL. */
  const char *older_project;
  /* Whose records these are, where another listing of the service knows:
   * `owner` is the field with an id of that listing, which is read ahead of
   * each pass (owners.h). Its project is the record's; a record whose owner is
   * not there is left out; and a group by this field is 0 where an owner has
   * none. Or NULL, both. */
  const struct listing *owners;
  const char *owner;
  /* Fields that Ceilometer attaches to its samples; ends in NULL. Or NULL. */
  const char *const *metadata;
  /* Microversion: the header up to the number ("OpenStack-API-Version: volume
   * "), and the lowest version that has our fields. Or NULL. An older service
   * is asked for what it has (microversion.h). */
  const char *version_header, *version;
  const char *const *headers; /* more of each request; ends in NULL. Or NULL */
  /* The role that lets a token see all projects' records ("one or another"),
   * and what it sees without; for the operator. NULL: nothing to warn of. */
  const char *role, *without_role;
  const char *needs; /* what a 403 means is missing, for the operator */
  /* Statuses of a first page by which the service says that there is nothing
   * here, which is no failure: for this project, or at all: an extension that
   * is not installed, or switched off. */
  int absent[2];
  /* The name of a header that all answers of the service have, and no answer of
   * a proxy in front of it. Without it a 403, or an `absent`, is a failure like
   * any other. NULL: one of the request ids that fetch.c lists. */
  const char *service_header;
};

/* Text to number. The rows stand from the best state to the worst: where an
 * answer has several records of one id, the one whose row stands last counts.
 * The last row has text NULL: any other text, and null. Its number may be NAN:
 * no value, and the operator is told once. */
struct state {
  const char *text; /* lower case */
  double number;
};

enum meter_of {
  METER_RECORD,  /* a value for each record */
  METER_HEADERS, /* one for the answer: fields are names of its headers */
  METER_ANSWER,  /* one for the answer: fields are paths from its root */
};
#define METER_ROWS 3

/* What makes a cloud report a meter. */
enum meter_choice {
  CHOICE_ALWAYS,  /* nothing: no `Meter` is given, or none fits it */
  CHOICE_PATTERN, /* a pattern that fits it, such as "*" */
  CHOICE_NAME,    /* its full name: what makes many series or requests */
};

/* Which records a meter is of: those whose field holds one of the texts, or,
 * with `others`, none of them; or, without texts, those whose field holds
 * anything. */
struct condition {
  const char *field; /* NULL: all. A record that has no such field is none */
  const char *const *texts; /* in lower case; ends in NULL. Or NULL */
  bool others;
};

/* Groups: whose a record is, whatever its listing calls it. */
#define METER_BY_PROJECT "project"
#define METER_BY_USER "user"

struct meter {
  const char *name; /* "image.size": Ceilometer's name where it has one */
  const struct listing *from;
  enum meter_of of;
  const char *value; /* expression (expr.h); NULL: every record counts 1 */
  const char *type;  /* a stock type of types.db; NULL: see meter_type() */
  const char *unit;  /* "B": meta data */
  const struct state *states; /* `value` is a field whose text is looked up */
  const double *skip;         /* numbers that mean: no value */
  size_t nskip;
  /* The fields of `value` may be below 0. If not, one that is counts as no
   * number: it fell below 0 at the server. (What is worked out of them may be
   * in any case.) */
  bool negative;
  enum total_kind total; /* TOTAL_NONE: a value for each record */
  /* TOTAL_*: what tells groups apart, and is the value's resource id: a field,
   * a text with fields in braces ("{host}:{status}"), METER_BY_PROJECT, or
   * METER_BY_USER. A record that lacks one of the fields, or has null or "" in
   * it, is in no group. NULL: one group, "total". */
  const char *group;
  const char *const *groups; /* those that are 0, and not missing, without
                                records; as the API writes them. Ends in NULL */
  struct condition when;
  enum meter_choice choice;
  size_t max_series; /* of a pass: values beyond are refused; 0: no limit */
  const char *since; /* the OpenStack release that has it, for the manual */
};

/* meter_type(meter): the type of its values, "gauge" if it names none. */
static inline const char *meter_type(const struct meter *meter) {
  return meter->type != NULL ? meter->type : "gauge";
}

#endif
