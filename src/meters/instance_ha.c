/*
 * Masakari: https://docs.openstack.org/api-ref/instance-ha/
 *
 * Its answers link to no further page. Notifications are a history without an
 * end, the newest first: one page of them is asked for, and no more.
 */
#include "meters/meters.h"

static const struct listing notifications = {
    .name = "ha_notifications",
    .service = "instance-ha",
    .path = "/notifications?limit=1000",
    .record = "notifications[]",
    .id = "notification_uuid",
    .needs = "os_masakari_api:notifications:index (role admin)",
};

static const char *const segment_metadata[] = {"service_type",
                                               "recovery_method", NULL};
static const struct listing segments = {
    .name = "ha_segments",
    .service = "instance-ha",
    .path = "/segments?limit=1000",
    .record = "segments[]",
    .paging = {.kind = PAGING_MARKER, .marker = "uuid"},
    .id = "uuid",
    .name_field = "name",
    .metadata = segment_metadata,
    .needs = "os_masakari_api:segments:index (role admin)",
};

static const char *const host_metadata[] = {"failover_segment_id", "type",
                                            NULL};
static const struct listing hosts = {
    .name = "ha_hosts",
    .service = "instance-ha",
    .path = "/segments/{owner}/hosts?limit=1000",
    .scope = LISTING_OWNER,
    .owners = &segments,
    .record = "hosts[]",
    .paging = {.kind = PAGING_MARKER, .marker = "uuid"},
    .id = "uuid",
    .name_field = "name",
    .metadata = host_metadata,
    .needs = "os_masakari_api:segments:index and "
             "os_masakari_api:os-hosts:index (role admin)",
    .absent = {404},
};

static const char *const notification_states[] = {
    "new", "running", "error", "failed", "ignored", "finished", NULL};

/* clang-format off */
const struct meter instance_ha_meters[] = {
    {.name = "instance_ha.notification.by_status", .from = &notifications,
     .total = TOTAL_COUNT, .group = "status", .groups = notification_states,
     .unit = "notification", .choice = CHOICE_NAME},
    {.name = "instance_ha.host.maintenance", .from = &hosts,
     .value = "on_maintenance",
     .unit = "maintenance", .since = "Ocata", .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
