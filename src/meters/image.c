/*
 * Glance: https://docs.openstack.org/api-ref/image/v2/#list-images
 *
 * An administrator's listing has every owner's images but not the hidden ones
 * and not other projects' community images, as Ceilometer's has not. `size` is
 * null until an image has data: then there is no value.
 */
#include "meters/meters.h"

static const char *const metadata[] = {
    "status",     "visibility", "container_format", "disk_format",
    "created_at", "updated_at", "min_disk",         "min_ram",
    "protected",  "checksum",   "virtual_size",     "tags[]",
    NULL,
};

static const struct listing images = {
    .name = "images",
    .service = "image",
    .path = "/v2/images?limit=1000",
    .record = "images[]",
    .paging = {.kind = PAGING_LINK, .next = "next"},
    .id = "id",
    .name_field = "name",
    .project = "owner",
    .metadata = metadata,
    .role = "admin",
    .without_role = "only public images and those of its own project",
};

static const char *const image_states[] = {
    "queued",      "saving", "uploading",      "importing", "active",
    "deactivated", "killed", "pending_delete", "deleted",   NULL};
static const char *const visibilities[] = {"public", "community", "shared",
                                           "private", NULL};

/* clang-format off */
const struct meter image_meters[] = {
    {.name = "image", .from = &images, .unit = "image", .since = "Folsom"},
    {.name = "image.size", .from = &images,
     .value = "size", .type = "bytes", .unit = "B", .since = "Folsom"},
    METERS_TOTALS("image", images, .total = TOTAL_COUNT,
                  .unit = "image"),
    METERS_TOTALS("image.size", images, .total = TOTAL_SUM,
                  .value = "size", .type = "bytes", .unit = "B"),
    {.name = "image.by_status", .from = &images,
     .total = TOTAL_COUNT, .group = "status", .groups = image_states,
     .unit = "image", .choice = CHOICE_PATTERN},
    {.name = "image.by_visibility", .from = &images,
     .total = TOTAL_COUNT, .group = "visibility", .groups = visibilities,
     .unit = "image", .choice = CHOICE_PATTERN},
    {.name = "image.by_format", .from = &images,
     .total = TOTAL_COUNT, .group = "disk_format",
     .unit = "image", .choice = CHOICE_PATTERN},
    {.name = "image.size.by_visibility", .from = &images,
     .total = TOTAL_SUM, .value = "size", .group = "visibility",
     .groups = visibilities, .type = "bytes", .unit = "B",
     .choice = CHOICE_PATTERN},
    {.name = "image.age", .from = &images,
     .value = "age(created_at)", .unit = "second", .since = "Folsom",
     .choice = CHOICE_NAME},
    {.name = NULL},
};
/* clang-format on */
