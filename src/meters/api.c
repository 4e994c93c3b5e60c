/*
 * Does a service answer, and how fast
 *
 * For each service of the catalogue that has a word of ours. The first request
 * of any walk of the service tells; only a service that nothing else is asked
 * of gets a request for it, for the list of its versions, which needs no token.
 * Most services answer that with 200, and Keystone, Cinder, Glance, Heat and
 * Manila with 300. Swift has no versions, but tells everybody what it can:
 * https://docs.openstack.org/api-ref/object-store/#discoverability
 */
#include "meters/meters.h"

#define UP "if(@status, 1 - floor(@status / 500), 0)"

/* clang-format off */
#define LISTING(word, service_, path_)                                         \
  static const struct listing word##_api = {                                   \
      .name = #word "_api", .service = (service_), .path = (path_),            \
      .unversioned = true, .auth = AUTH_NONE, .any_request = true}

#define METERS(word)                                                           \
  {.name = #word ".api.up", .from = &word##_api, .of = METER_REQUEST,          \
   .value = UP, .unit = "status"},                                             \
  {.name = #word ".api.response_time", .from = &word##_api,                    \
   .of = METER_REQUEST, .value = REQUEST_SECONDS, .unit = "s"}
/* clang-format on */

LISTING(compute, "compute", "/");
LISTING(placement, "placement", "/");
LISTING(network, "network", "/");
LISTING(volume, "block-storage", "/");
LISTING(identity, "identity", "/");
LISTING(image, "image", "/");
LISTING(storage, "object-store", "/info");
LISTING(loadbalancer, "load-balancer", "/");
LISTING(dns, "dns", "/");
LISTING(manila, "shared-file-system", "/");
LISTING(orchestration, "orchestration", "/");
LISTING(baremetal, "baremetal", "/");
LISTING(container, "container-infrastructure-management", "/");
LISTING(database, "database", "/");
LISTING(alarm, "alarm", "/");
LISTING(metric, "metric", "/");

const struct meter api_meters[] = {
    METERS(compute),   METERS(placement),     METERS(network),
    METERS(volume),    METERS(identity),      METERS(image),
    METERS(storage),   METERS(loadbalancer),  METERS(dns),
    METERS(manila),    METERS(orchestration), METERS(baremetal),
    METERS(container), METERS(database),      METERS(alarm),
    METERS(metric),    {.name = NULL},
};
