/*
 * cloudsim: an OpenStack cloud in one process, for tests, benches and demos.
 *
 * Every API is data (apis.c): a service, its collections, the fields of a
 * record. Records are made from their index whenever somebody asks, so that a
 * cloud of 100,000 images needs no more memory than one of ten. Answers follow
 * recordings of the real services: field names, order, paging links, error
 * bodies. Faults (fault.c) bend an answer on its way out.
 *
 * Threads: libmicrohttpd makes one per connection, so that a slow answer is a
 * plain sleep. Tokens, faults and statistics have a lock each; all else is set
 * before the server starts.
 */
#ifndef CLOUDSIM_H
#define CLOUDSIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

struct MHD_Connection;

/* == buf.c: text that grows == */

struct buf {
  char *data;
  size_t len, cap;
  bool failed; /* out of memory: what was added since is lost */
};

void buf_add(struct buf *b, const char *data, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_number(struct buf *b, uint64_t number);
void buf_format(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds text as a JSON string, with its quotes. */
void buf_json(struct buf *b, const char *text);
/* Adds bytes up to a blank, DEL and '%' as %XX, so that it is one word. */
void buf_word(struct buf *b, const char *text, size_t len);
void buf_insert(struct buf *b, size_t at, const char *data, size_t len);
void buf_clear(struct buf *b);

/* == json.c: just enough to read a request for a token == */

/* Finds the value at a path such as "auth/scope/project/name". NULL: none. */
const char *json_find(const char *text, const char *path);
/* The same, unescaped into out. False: none, not a string, or too long. */
bool json_string(const char *text, const char *path, char *out, size_t size);
bool json_valid(const char *text);

/* == ident.c: ids that carry their index == */

uint64_t ident_hash(uint64_t a, uint64_t b, uint64_t c);
void ident_uuid(uint64_t seed, unsigned kind, uint64_t index, char out[37]);
/* The same id without its dashes, as Keystone writes them. */
void ident_hex(uint64_t seed, unsigned kind, uint64_t index, char out[33]);
/* Takes both forms. False: not an id that this seed and kind gave. */
bool ident_index(uint64_t seed, unsigned kind, const char *text, size_t len,
                 uint64_t *ret_index);

/* == apis.c: the tables == */

enum errors { /* as many shapes of an error as services */
              ERRORS_KEYSTONE,
              ERRORS_GLANCE,
              ERRORS_COMPUTE, /* Cinder and Manila have it from Nova */
              ERRORS_NEUTRON,
              ERRORS_OCTAVIA,
              ERRORS_DESIGNATE,
              ERRORS_SWIFT,
              ERRORS_AODH,
              ERRORS_HEAT,
              ERRORS_IRONIC,
              ERRORS_MAGNUM,
              ERRORS_RGW
};

#define OPENSTACK_ID "X-Openstack-Request-Id" /* oslo.middleware's */

struct service {
  const char *type;    /* in the catalogue */
  const char *name;    /* of the project behind it */
  const char *prefix;  /* path on our one port: "/image" */
  const char *version; /* "/v2"; what paths of collections follow */
  const char *older;   /* a second spelling of the version, or NULL */
  const char *project; /* what precedes a project in the URL: "/", "/AUTH_" */
  enum errors errors;
  const char *request_ids[2]; /* headers; none: OPENSTACK_ID */
  bool no_ids;                /* not even that one: Trove */
  bool versioned;             /* the catalogue always has the version */
  bool uwsgi;      /* on Debian: no length, and the connection closes */
  bool says_close; /* ... and says so */
  const char *version_header, *version_word;        /* microversions, or NULL */
  unsigned version_major, version_max, version_url; /* url: no project needed */
  unsigned version_min; /* of those without a header as well */
  bool own_document;    /* below its version it describes that one alone */
  const char *official; /* type, where the catalogue has another */
};

struct field {
  const char *name;
  const char *value; /* template, see record.c */
  unsigned since;    /* minor microversion */
  unsigned until;    /* the first without it, or 0 */
  const char *down;  /* what is known of it while its cell is down, or NULL */
};

enum paging {
  PAGE_NONE,
  PAGE_KEYSTONE,
  PAGE_GLANCE,
  PAGE_LINKS, /* Cinder: "volumes_links" */
  PAGE_OCTAVIA,
  PAGE_NEUTRON,
  PAGE_DESIGNATE,
  PAGE_MANILA,
  PAGE_NEXT,   /* Ironic, Magnum: "next", whole */
  PAGE_OFFSET, /* and no links */
  PAGE_MARKER, /* no links either */
  PAGE_SWIFT,  /* a bare array */
  PAGE_BARE,   /* the same, and no pages */
  PAGE_OBJECT  /* one record, between `open` and `close` */
};

enum sight { /* what a token with the role reader sees */
             SEE_ALL,
             SEE_PUBLIC,
             SEE_OWN,  /* of the token's project */
             SEE_NONE, /* an empty list, and no error */
             SEE_FORBIDDEN,
             SEE_UNAUTHORIZED /* a 401 that says so: Trove */
};

struct collection {
  const char *name; /* also the option: --images N */
  unsigned count;   /* records, or records per parent */
  const char *like; /* ... or as many as there are of those: projects. In a
                       path '*', or parent_query, is the id of one */
  const char *service;
  const char *path; /* after the version, '*' for a parent's id; NULL: only
                       counted, for sums */
  const char *everywhere; /* path to the children of all parents */
  const char *key;        /* of the array in the answer */
  const char *links; /* PAGE_LINKS: where they are not KEY_links. Or NULL */
  enum paging paging;
  unsigned limit, limit_max; /* server's own; 0: none */
  unsigned bad_marker;       /* status for an unknown one; 0: starts over */
  unsigned any_marker;       /* status for any: rows have no id. 0: none */
  enum sight reader;
  const char *policy;                 /* named in a 403 */
  const char *project;                /* field that says whose a record is */
  const char *all_query, *all_header; /* what asks for all projects' records */
  const char *parent, *parent_query;  /* records belong to records of that */
  const char *children, *objects, *bytes; /* summed up, templates */
  const char *filters;
  const char *params; /* from a microversion on others are a 400. Or NULL */
  unsigned params_since, down_since; /* below, records of such cells lack */
  unsigned rpc_since; /* asks hosts, of which one is dead: 500. 0: never */
  const char *open, *close; /* PAGE_OBJECT */
  const struct field *fields;
};

enum { STATE_NOTHING = -1000 }; /* no value */

struct state {
  const char *text;
  int number;
};

/* What a correct poller reports: the oracle of /sim/expected. */
struct expectation {
  const char *name, *collection;
  const char *field; /* of the record; NULL: 1; "=template": rendered */
  const struct state *states;
  const char *id; /* template, NULL: "$i" */
  size_t row;     /* of the plugin's, whose states count; 0: written by hand */
};

extern const struct service services[];
extern const size_t services_count;
/* All tables in one, once apis_init() was called. */
enum { COLLECTIONS = 128 };
extern struct collection collections[COLLECTIONS];
extern size_t collections_count;
void apis_init(void);

extern const struct expectation expectations[];
extern const size_t expectations_count;

/* The tables of files, each of which ends with a row of zeros: apis.c names
 * them once more. */
extern const struct collection main_collections[], compute_collections[],
    network_collections[], volume_collections[], control_collections[],
    placement_collections[], other_collections[];

/* Rows that code refers to. */
enum { ROW_PROJECTS, ROW_DOMAINS };
/* Id spaces beside those of the collections. */
enum { KIND_USER = 1000, KIND_OTHER = 2000 };

const struct service *service_find(const char *type);
int collection_find(const char *name); /* row, or -1 */
const struct field *field_find(const struct collection *c, const char *name);

/* == record.c: one record from its index == */

struct record {
  const struct collection *from;
  unsigned row;
  uint64_t seed, index, parent;
  const char *base; /* of links: scheme, host, version, project */
  char id[37];
};

void record_set(struct record *r, uint64_t index);
/* Appends a template filled in for this record. */
void record_render(struct buf *out, const char *template,
                   const struct record *r);
/* First and last + 1 index of a parent's children. */
void record_range(unsigned row, uint64_t parent, uint64_t *ret_first,
                  uint64_t *ret_end);
uint64_t record_total(unsigned row);
/* What Swift says of the account of a container, or of that project. */
unsigned account_status(const struct record *r);
/* The raw name of a container or bucket (ids of samples have it). */
void record_child_name(struct buf *out, const struct record *r);

/* == keystone.c: who asks == */

struct user {
  const char *name;
  const char *roles; /* blank between */
  bool admin;
};

enum scope { SCOPE_PROJECT, SCOPE_DOMAIN, SCOPE_SYSTEM };

struct token {
  char text[184];
  const struct user *user;
  enum scope scope;
  uint64_t target; /* index of the project or domain */
  time_t issued, expires;
  const char *method;
};

struct request;
struct reply;

bool token_find(const char *text, struct token *ret_token);
void token_expire_all(void);
/* The password of the user "collectd"; /sim/password changes it. */
void keystone_password(const char *password);
bool keystone_answer(struct request *req, struct reply *reply);

/* == a request and its reply == */

enum { FAULT_TEXT = 256 };

/* What faults do to one answer. */
struct effect {
  bool has_retry, hang, empty, cut, broken, endless, bad_json, wrong_types;
  bool bad_checksum, repeat, no_records, link_loop, restart, expire, no_length;
  unsigned status, proxy_status, retry_after, latency_ms, drip_ms, cut_bytes,
      header_bytes;
  unsigned string_bytes, depth, bomb_mb;
  unsigned list_limit;   /* Keystone's: so many records, and that it is so */
  unsigned max_db_limit; /* the same since 2025.1: pages, if one asks */
  unsigned down_cell;    /* each so-manieth record is in one */
  unsigned short_page;   /* a page lacks so many, and so its link: Nova takes
                            out a server that it has found twice */
  char redirect[FAULT_TEXT], elsewhere[FAULT_TEXT]; /* URLs */
  char link[FAULT_TEXT];   /* JSON that stands for the next link */
  char field[FAULT_TEXT];  /* NAME=JSON: in the first record of each page */
  char rename[FAULT_TEXT]; /* NAME=NEW: in all records */
};

#define PARENT_ALL UINT64_MAX
#define PARENT_UNKNOWN (UINT64_MAX - 1)

struct request {
  struct MHD_Connection *connection;
  char *uri;         /* as it came; path and query point into it */
  const char *path;  /* whole */
  const char *query; /* "" when none */
  const char *rest;  /* path after region, interface and prefix */
  char method[8];
  struct buf upload;
  bool begun; /* the handler was called before */
  unsigned region;
  const struct service *service;
  const struct collection *row;
  uint64_t parent;
  unsigned minor; /* microversion asked for */
  struct token who;
  struct effect effect;
  uint64_t sent; /* body bytes */
  unsigned status;
};

/* Finds a query parameter, decoded; nth of the same name. */
bool query_get(const struct request *req, const char *name, unsigned nth,
               char *out, size_t size);
/* The query as it came, without the parameters of one name or two (or NULL). */
void query_without(const struct request *req, const char *const names[2],
                   struct buf *out);
const char *request_header(const struct request *req, const char *name);

/* Makes a body piece by piece; false: that was the last. */
struct producer {
  bool (*produce)(struct producer *p, struct buf *out);
  void (*free)(struct producer *p);
};

enum { REPLY_HEADERS = 24 };

struct reply {
  unsigned status;
  bool by_proxy; /* in front of the services, whose headers it lacks */
  struct {
    const char *name;
    char *value;
  } headers[REPLY_HEADERS];
  size_t headers_count;
  struct buf body;
  struct producer *rest; /* comes after body; owned */
};

void reply_header(struct reply *reply, const char *name, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));
void reply_clear(struct reply *reply);
/* Queues it; returns what the handler of libmicrohttpd shall return. */
int reply_send(struct request *req, struct reply *reply);
/* Sleeps until the time is over, the client has gone or the server stops. */
bool reply_pause(const struct request *req, unsigned ms);

/* The fields that req gets, as one template, with something around each value.
 * field: "NAME=JSON" for the one that has another value, or "". (record.c) */
void record_template(const struct request *req, struct buf *out,
                     const char *field, const char *const around[2]);

/* What is left of a record while its cell is down; nothing where a service has
 * no cells. (record.c) */
void record_down_template(const struct collection *c, struct buf *out);

/* == error.c == */

/* An error as that service words it; message NULL: its usual one. */
void error_reply(const struct request *req, struct reply *reply,
                 unsigned status, const char *message);

/* A page of its own, by what stands in front of the services. */
void proxy_reply(struct reply *reply, unsigned status);

/* == page.c, api.c == */

/* Whether --without names it. */
bool service_absent(const struct service *s);
/* The page of req->row that req asks for. */
void page_answer(struct request *req, struct reply *reply);
void api_answer(struct request *req, struct reply *reply);
/* "http://host:port", region, interface and prefix of a service. */
void api_url(struct buf *out, const struct service *s, unsigned region,
             const char *interface);
/* ... and version and project: what own links of records begin with. */
void api_base(struct buf *out, const struct request *req);
uint64_t api_seed(unsigned region);
/* First and last + 1 record that a request's listing has. */
void api_range(const struct request *req, uint64_t *ret_first,
               uint64_t *ret_end);
/* == fault.c == */

/* "PATH-PREFIX KIND [ARG]... [after=N] [times=N]". False: not understood. */
bool fault_add(const char *spec);
/* All kinds, each with the number that it has unless told. */
void fault_usage(FILE *out);
void fault_clear(void);
void fault_match(const char *path, struct effect *ret_effect);
/* Bends a finished reply. */
void fault_bend(struct request *req, struct reply *reply);

/* == expected.c: /sim/expected == */

void expected_init(void);
void expected_answer(struct request *req, struct reply *reply);

/* ---- sim.c: /sim/... ------------------------------------------------------
 */

void stats_begin(const struct request *req);
void stats_end(const struct request *req, unsigned status);
void stats_connection(void);
void stats_token(void);
bool sim_answer(struct request *req, struct reply *reply);

/* ---- cloudsim.c ------------------------------------------------------------
 */

enum style { STYLE_PREFIX, STYLE_PLAIN, STYLE_VERSION, STYLE_SLASH };
enum { REGIONS = 8 };

struct sim {
  const char *address;
  unsigned port;
  char base[128]; /* "http://127.0.0.1:4711" */
  const char *link_base;
  uint64_t seed;
  uint64_t count[COLLECTIONS];
  unsigned token_life, latency_ms, page_cap;
  bool uwsgi, gzip, twins, open_accounts;
  enum style style;
  const char *regions[REGIONS];
  size_t regions_count;
  const char *without; /* names of services, comma between */
  const char *tls_cert, *tls_key, *client_ca;
  struct {
    unsigned cinder, nova;
  } max_minor; /* caps version_max of those, 0: no */
  int stop_fd; /* readable once the server shall end */
};

extern struct sim sim;

#endif
