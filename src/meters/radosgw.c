/*
 * Ceph's RADOS gateway, admin API:
 * https://docs.ceph.com/en/latest/radosgw/adminops/
 *
 * Requests are signed with keys of a user who has the capabilities buckets=read
 * and usage=read. The parameters stand in alphabetical order: they are signed
 * so. A user that the gateway does not know is a 404: the project never used
 * it. A bucket's usage comes by category: objects, and the parts of those that
 * are being uploaded. (rgw.none is of neither, and falls below 0 before
 * Ceph 17.) The entries of the usage log, of every hour since it was last
 * trimmed, are not asked for. Sizes are counted in KiB, rounded up.
 */
#include "meters/meters.h"

/* As Ceph itself counts. */
#define OF_CATEGORIES(usage, field)                                            \
  "sum(" usage ".\"rgw.main\"." field ") + "                                   \
  "sum(" usage ".\"rgw.multimeta\"." field ")"
#define OF_BUCKET(field) OF_CATEGORIES("usage", field)
#define OF_ALL(field) OF_CATEGORIES("[].usage", field)

static const struct listing buckets = {
    .name = "buckets",
    .service = "object-store",
    .path = "/admin/bucket?format=json&stats=true&uid={uid}",
    .at_root = true,
    .scope = LISTING_PROJECT,
    .auth = AUTH_S3,
    .record = "[]",
    .id = "{@project}/{bucket}",
    .name_field = "bucket",
    .needs = "RadosGW keys with the capability buckets=read",
    .absent = {404},
};

static const struct listing usage = {
    .name = "usage",
    .service = "object-store",
    .path = "/admin/usage?format=json&show-entries=False&uid={uid}",
    .at_root = true,
    .scope = LISTING_PROJECT,
    .auth = AUTH_S3,
    .record = "summary[]",
    .id = "{@project}",
    .needs = "RadosGW keys with the capability usage=read",
    .absent = {404},
};

/* clang-format off */
const struct meter radosgw_meters[] = {
    {.name = "radosgw.objects", .from = &buckets, .of = METER_ANSWER,
     .value = OF_ALL("num_objects"),
     .unit = "object", .since = "Infernalis"},
    {.name = "radosgw.objects.size", .from = &buckets, .of = METER_ANSWER,
     .value = "(" OF_ALL("size_kb") ") * 1024",
     .type = "bytes", .unit = "B", .since = "Infernalis"},
    {.name = "radosgw.objects.containers", .from = &buckets, .of = METER_ANSWER,
     .value = "count([])",
     .unit = "object", .since = "Infernalis"},
    {.name = "radosgw.containers.objects", .from = &buckets,
     .value = OF_BUCKET("num_objects"),
     .unit = "object", .since = "Infernalis"},
    {.name = "radosgw.containers.objects.size", .from = &buckets,
     .value = "(" OF_BUCKET("size_kb") ") * 1024",
     .type = "bytes", .unit = "B", .since = "Infernalis"},
    {.name = "radosgw.api.request", .from = &usage, .of = METER_ANSWER,
     .value = "sum(summary[].total.ops)",
     .unit = "request", .since = "Infernalis"},
    {.name = "radosgw.objects.total", .from = &buckets, .of = METER_ANSWER,
     .value = OF_ALL("num_objects"), .total = TOTAL_SUM,
     .unit = "object"},
    {.name = "radosgw.objects.size.total", .from = &buckets, .of = METER_ANSWER,
     .value = "(" OF_ALL("size_kb") ") * 1024", .total = TOTAL_SUM,
     .type = "bytes", .unit = "B"},
    {.name = "radosgw.objects.containers.total", .from = &buckets, .of = METER_ANSWER,
     .value = "count([])", .total = TOTAL_SUM,
     .unit = "object"},
    {.name = NULL},
};
/* clang-format on */
