/*
 * Keystone: https://docs.openstack.org/api-ref/identity/v3/#projects
 *
 * No meters: these are the lists that projects and names come from. Since
 * 2025.1 (Keystone 27) a list has pages, but only for who asks with `limit`:
 * others get the first max_db_limit of it, 1000, without a mark. Before that
 * `limit` means nothing, there are no pages, and what list_limit cuts off is
 * marked as truncated: then only a filter gets at the rest. Those by domain
 * have domains in the place of projects.
 */
#include "meters/meters.h"

static const char *const metadata[] = {"domain_id", "enabled", NULL};

/* clang-format off */
#define LIST(name_, what, scope_, filter)                                      \
  {                                                                            \
    .name = name_, .service = "identity",                                      \
    .path = "/" what "?limit=1000" filter, .scope = (scope_),                  \
    .record = what "[]",                                                       \
    .paging = {.kind = PAGING_LINK,                                            \
               .next = "links.next",                                           \
               .truncated = "truncated"},                                      \
    .id = "id", .name_field = "name", .metadata = metadata,                    \
  }
/* clang-format on */

#define BY_DOMAIN "&domain_id={project}"

const struct listing identity_domains =
    LIST("domains", "domains", LISTING_CLOUD, "");
const struct listing identity_projects =
    LIST("projects", "projects", LISTING_CLOUD, "");
const struct listing identity_projects_by_domain =
    LIST("projects", "projects", LISTING_PROJECT, BY_DOMAIN);
const struct listing identity_users = LIST("users", "users", LISTING_CLOUD, "");
const struct listing identity_users_by_domain =
    LIST("users", "users", LISTING_PROJECT, BY_DOMAIN);
