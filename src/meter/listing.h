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
#include <string.h>

enum listing_scope {
  LISTING_CLOUD,   /* one request, and its further pages */
  LISTING_PROJECT, /* one request for each project; see `path` */
  LISTING_OWNER,   /* one for each record of the listing `owners` */
};

/* Of `without_role`. */
#define LISTING_SEES_NONE "none"
/* Of `role`: what follows the name of a role in the system. */
#define LISTING_OF_SYSTEM " of the system"

enum paging_kind {
  PAGING_NONE,
  PAGING_LINK,   /* `next` is the path of a link to the next page */
  PAGING_LINKS,  /* the same in a list of {rel, href}: `next` is the path of its
                    elements */
  PAGING_MARKER, /* marker=<the last record's name>, until a page is empty */
  PAGING_OFFSET, /* offset=<records so far>, until a page is empty */
};

struct paging {
  enum paging_kind kind;
  const char *next;   /* LINK: path of the link; LINKS: path of the elements */
  const char *marker; /* MARKER: field of a record */
  /* MARKER: a record that lacks this field is not used as a marker, such as
   * Nova's servers in a cell that is down. A page of such records alone is the
   * last one, or, if it links on or more are counted, a failure. Or NULL. */
  const char *marker_when;
  /* MARKER, OFFSET: the header, or the path from the answer's root, that has
   * the number of all records: then the empty last page is not requested. Or
   * NULL. */
  const char *total_header, *total;
  /* Path of a field that is true if the service has cut its list off and has no
   * link to the rest: Keystone's list_limit. Or NULL. */
  const char *truncated;
};

enum listing_auth {
  AUTH_TOKEN, /* the session's token */
  AUTH_S3,    /* signed with the cloud's RADOS gateway keys */
  AUTH_NONE,  /* nothing. If the endpoint is known from an earlier login, it is
                 asked even if the next login fails */
};

struct listing {
  const char *name;    /* "images": in log lines and self-metrics */
  const char *service; /* type in the catalogue: "image"; AUTH_S3: unless the
                          configuration names another */
  /* Below the service's endpoint, with the query of the first page. Begins with
   * "/v" and a digit if the version is not part of the endpoint. Names in
   * braces are filled in: url.h. */
  const char *path;
  /* The shortest interval of the listing, even if the cloud's is shorter; 0:
   * any. A longer interval of the cloud applies; only a <Meter> block makes it
   * shorter. It is set for listings that hardly change, or need a request for
   * each project (quotas: hourly). */
  int64_t interval_ms;
  /* Only by project or owner: its requests are spread over the interval instead
   * of being made at once. */
  bool paced;
  bool at_root;     /* `path` begins at the endpoint's host, not below its own
                       path */
  bool unversioned; /* `path` begins below the endpoint without its version and
                       what follows that: where "/" is the list of versions */
  bool fields; /* the API takes fields=NAME: request only the fields that are
                  read */
  enum listing_scope scope;
  enum listing_auth auth;
  /* Path of a record: "images[]". NULL: no record is looked for, and any answer
   * below 500 is a success: for meters of the request alone. */
  const char *record;
  /* Its requests only show whether the service answers. So it makes none if
   * another walk of the cloud makes a request to the service at the same time
   * (board.h). */
  bool any_request;
  struct paging paging;
  /* The id, name, project and user of a record; all NULL if there are no
   * records. `id` and `name_field` are a field, a text in single quotes
   * ("'default'"), or a text with fields in braces ("{binary}@{host}");
   * "{@project}" is the project asked for, "{@owner}" and "{@owner_name}" are
   * the owner asked for. `project` and `user` are fields. All but `id` are NULL
   * if the API has none. */
  const char *id, *name_field, *project, *user;
  /* The name of `project` in older releases, used if `project` is missing. Or
   * NULL. */
  const char *older_project;
  /* Another listing of the same service, whose records own the records of this
   * one. It is read before each pass (owners.h), and an owner's project becomes
   * the project of its records. LISTING_CLOUD: `owner` is the field with the
   * owner's id; a record whose owner is not listed is left out; and in a group
   * by this field an owner without records has 0. LISTING_OWNER: there is a
   * request for each owner, whose id is "{owner}" in `path`, and `owner` is
   * NULL. Without owners both are NULL. */
  const struct listing *owners;
  const char *owner;
  /* Fields that Ceilometer attaches to its samples; a NULL ends them. Or
   * NULL. */
  const char *const *metadata;
  /* Microversion: the header up to the number ("OpenStack-API-Version: volume
   * "), and the lowest version that has our fields. Or NULL. An older service
   * is asked for what it has (microversion.h). */
  const char *version_header, *version;
  const char *const *headers; /* further headers of each request; a NULL ends
                                 them. Or NULL */
  /* For the operator: the role with which a token sees the records of all
   * projects ("one or another"), and what a token sees without it. NULL: there
   * is nothing to warn of. LISTING_SEES_NONE: an empty list proves nothing.
   * With LISTING_OF_SYSTEM behind a role only a token of the whole system has
   * it, and an empty list proves nothing to one of a project: whether another
   * role lets that see all is up to the service's policy. */
  const char *role, *without_role;
  const char *needs; /* for the operator: what the token lacks if there is a
                        403 */
  /* Statuses of a first page that are no failure, because they mean that there
   * is nothing: for this project, or at all, as with an extension that is not
   * installed or is switched off. */
  int absent[2];
  /* The name of a header that every answer of the service has, but no answer of
   * a proxy in front of it. Without it a 403, or an `absent` status, is a
   * failure like any other. NULL: one of the headers with request ids in
   * fetch.c. */
  const char *service_header;
};

/* listing_needs(listing, ret_the): what the token lacks if there is a 403, and
 * the words before it. */
static inline const char *listing_needs(const struct listing *listing,
                                        const char **ret_the) {
  bool role = listing->needs == NULL && listing->role != NULL;
  const char *needs = role ? listing->role : listing->needs;
  *ret_the = role ? "the role " : "";
  return needs != NULL ? needs : "another role";
}

/* listing_of_system(listing): is one of the roles the system's? */
static inline bool listing_of_system(const struct listing *listing) {
  return listing->role != NULL &&
         strstr(listing->role, LISTING_OF_SYSTEM) != NULL;
}

/* listing_asked(listing): the word, in messages, for what each request is made
 * for. */
static inline const char *listing_asked(const struct listing *listing) {
  return listing->scope == LISTING_OWNER ? "owner" : "project";
}

#endif
