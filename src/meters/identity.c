/*
 * Keystone: https://docs.openstack.org/api-ref/identity/v3/
 *
 * Projects and names come from the first of these lists as well. Since 2025.1
 * (Keystone 27) a list has pages, but only for who asks with `limit`: others
 * get the first max_db_limit of it, 1000, without a mark. Before that `limit`
 * means nothing, there are no pages, and what list_limit cuts off is marked as
 * truncated: then only a filter gets at the rest. Those by domain have domains
 * in the place of projects.
 *
 * With drivers by domain, users and groups are those of the token's own domain
 * only. Unified limits are of a project or of a domain; what has no limit of
 * its own has the registered one, and what is not registered has 0.
 */
#include "meters/meters.h"

static const char *const metadata[] = {"domain_id", "enabled", NULL};

/* clang-format off */
#define LIST(name_, what, scope_, filter, needs_)                              \
  {                                                                            \
    .name = name_, .service = "identity",                                      \
    .path = "/v3/" what "?limit=1000" filter, .scope = (scope_),               \
    .interval_ms = 3600000,                                                    \
    .record = what "[]",                                                       \
    .paging = {.kind = PAGING_LINK,                                            \
               .next = "links.next",                                           \
               .truncated = "truncated"},                                      \
    .id = "id", .name_field = "name", .metadata = metadata,                    \
    .needs = "identity:list_" what " (" needs_ ")",                            \
  }
#define ALL(name_, what) LIST(name_, what, LISTING_CLOUD, "", "role admin")
#define BY_DOMAIN(name_, what)                                                 \
  LIST(name_, what, LISTING_PROJECT, "&domain_id={project}", "role admin")
/* clang-format on */

const struct listing identity_domains = ALL("domains", "domains");
const struct listing identity_projects = ALL("projects", "projects");
const struct listing identity_projects_by_domain =
    BY_DOMAIN("projects", "projects");
const struct listing identity_users = ALL("users", "users");
const struct listing identity_users_by_domain = BY_DOMAIN("users", "users");

static const struct listing groups = ALL("identity_groups", "groups");
static const struct listing regions =
    LIST("identity_regions", "regions", LISTING_CLOUD, "", "any role");
static const struct listing services = ALL("identity_services", "services");
static const struct listing endpoints = ALL("identity_endpoints", "endpoints");
static const struct listing roles = ALL("identity_roles", "roles");

static const char *const limit_metadata[] = {"resource_name", "service_id",
                                             "region_id", "domain_id", NULL};

static const struct listing limits = {
    .name = "identity_limits",
    .service = "identity",
    .path = "/v3/limits?limit=1000",
    .interval_ms = 3600000,
    .record = "limits[]",
    .paging = {.kind = PAGING_LINK,
               .next = "links.next",
               .truncated = "truncated"},
    .id = "id",
    .name_field = "resource_name",
    .project = "project_id",
    .metadata = limit_metadata,
    .role = "admin",
    .without_role = "only those of its own project",
    .absent = {404}, /* before Queens */
};

static const struct listing registered_limits = {
    .name = "identity_registered_limits",
    .service = "identity",
    .path = "/v3/registered_limits?limit=1000",
    .interval_ms = 3600000,
    .record = "registered_limits[]",
    .paging = {.kind = PAGING_LINK,
               .next = "links.next",
               .truncated = "truncated"},
    .id = "id",
    .name_field = "resource_name",
    .metadata = limit_metadata,
    .needs = "identity:list_registered_limits (any role)",
    .absent = {404},
};

static const double unlimited[] = {-1};
static const char *const no[] = {"false", NULL};
#define DISABLED .when = {.field = "enabled", .texts = no}

/* clang-format off */
#define TOTAL(word, listing, unit_)                                            \
  {.name = "identity." word, .from = &(listing), .total = TOTAL_COUNT,         \
   .unit = unit_, .choice = CHOICE_PATTERN}
#define OFF(word, listing, unit_)                                              \
  {.name = "identity." word, .from = &(listing), .total = TOTAL_COUNT,         \
   DISABLED, .unit = unit_, .choice = CHOICE_PATTERN}
#define OF_DOMAIN(word, listing, unit_)                                        \
  {.name = "identity." word, .from = &(listing), .total = TOTAL_COUNT,         \
   .group = "domain_id", .unit = unit_, .choice = CHOICE_PATTERN}

const struct meter identity_meters[] = {
    {.name = "identity.limit", .from = &limits,
     .value = "resource_limit", .skip = unlimited, .nskip = 1, .negative = true,
     .unit = "limit", .since = "Queens"},
    {.name = "identity.limit.default", .from = &registered_limits,
     .value = "default_limit", .skip = unlimited, .nskip = 1, .negative = true,
     .unit = "limit", .since = "Queens"},
    TOTAL("domain.total", identity_domains, "domain"),
    OFF("domain.disabled.total", identity_domains, "domain"),
    TOTAL("project.total", identity_projects, "project"),
    OFF("project.disabled.total", identity_projects, "project"),
    OF_DOMAIN("project.by_domain", identity_projects, "project"),
    TOTAL("user.total", identity_users, "user"),
    OFF("user.disabled.total", identity_users, "user"),
    OF_DOMAIN("user.by_domain", identity_users, "user"),
    TOTAL("group.total", groups, "group"),
    TOTAL("region.total", regions, "region"),
    TOTAL("service.total", services, "service"),
    TOTAL("endpoint.total", endpoints, "endpoint"),
    OFF("endpoint.disabled.total", endpoints, "endpoint"),
    TOTAL("role.total", roles, "role"),
    {.name = NULL},
};
/* clang-format on */
