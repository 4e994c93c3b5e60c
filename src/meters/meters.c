#include "meters/meters.h"

static const struct meter *const services[] = {
    image_meters,
    volume_meters,
    network_meters,
    network_operation_meters,
    network_resource_meters,
    object_store_meters,
    load_balancer_meters,
    dns_meters,
    share_meters,
    alarm_meters,
    identity_meters,
    orchestration_meters,
    baremetal_meters,
    container_meters,
    database_meters,
    instance_ha_meters,
    metric_meters,
    radosgw_meters,
    compute_meters,
    placement_meters,
    api_meters,
};

size_t meters_count(void) {
  size_t n = 0;
  for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++)
    for (const struct meter *m = services[s]; m->name != NULL; m++)
      n++;
  return n;
}

const struct meter *meters_get(size_t i) {
  for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++)
    for (const struct meter *m = services[s]; m->name != NULL; m++)
      if (i-- == 0)
        return m;
  return NULL;
}
