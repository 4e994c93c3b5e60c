/*
 * listing - what is listed: one API collection, and how to walk it. Data
 *
 * Those that are built in stand in meters/, above their meters; an operator's
 * blocks make the same structs.
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stdint.h>

enum listing_scope {
  LISTING_CLOUD,   /* one request, and its further pages */
  LISTING_PROJECT, /* one request for each project; see `path` */
  LISTING_OWNER,   /* one for each record of the listing `owners` */
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
  AUTH_NONE,  /* nothing. Where the endpoint is known from an earlier login, it
                 is asked even if the next one fails */
};

struct listing {
  const char *name;    /* "images": in log lines and self-metrics */
  const char *service; /* type in the catalogue: "image"; AUTH_S3: unless the
                          configuration names another */
  /* Below the service's endpoint, with the query of the first page. Begins with
   * "/v" and a digit if the version is not part of the endpoint. Names in
   * braces are filled in: url.h. */
  const char *path;
  /* The shortest interval at which it is asked, whatever the cloud's; 0: any. A
   * cloud with a longer one asks at that, and only a <Meter> block shortens it.
   * What hardly changes, or costs a request for each project, is asked for less
   * often than all else (quotas: hourly). */
  int64_t interval_ms;
  /* Scope by project or owner: its requests are spread over the interval,
   * instead of being made at once. */
  bool paced;
  bool at_root;     /* below the endpoint's host, whatever its path */
  bool unversioned; /* below the endpoint without its version and what follows:
                       where "/" is the list of versions */
  bool fields; /* the API takes fields=NAME: ask for no more than we read */
  enum listing_scope scope;
  enum listing_auth auth;
  /* Path of a record: "images[]". NULL: none is looked for, and any answer
   * below 500 is one: for meters of the request alone. */
  const char *record;
  /* Its requests are for nothing else than to see whether the service answers.
   * So none is made where another walk of the cloud makes one at the same time
   * (board.h). */
  bool any_request;
  struct paging paging;
  /* Whose a record is; without records NULL. `id` and `name_field`: a field, a
   * text in single quotes: "'default'", or one with fields in braces:
   * "{binary}@{host}"; "{@project}" is the project asked for, "{@owner}" and
   * "{@owner_name}" the owner asked for.
   * `project` and `user` are fields. All but `id` are NULL if the API has none.
   */
  const char *id, *name_field, *project, *user;
  /* Where `project` is missing: its name in older releases. Or NULL. */
  const char *older_project;
  /* Whose records these are, where another listing of the service knows, which
   * is read ahead of each pass (owners.h). An owner's project is its records'.
   * LISTING_CLOUD: `owner` is the field with an id of that listing; a record
   * whose owner is not there is left out; and a group by this field is 0 where
   * an owner has none. LISTING_OWNER: there is a request for each owner, whose
   * id is "{owner}" in `path`, and `owner` is NULL. Or NULL, both. */
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

/* listing_asked(listing): what each request asks for, for messages. */
static inline const char *listing_asked(const struct listing *listing) {
  return listing->scope == LISTING_OWNER ? "owner" : "project";
}

#endif
