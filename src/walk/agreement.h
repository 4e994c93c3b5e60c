/*
 * agreement - what a service and a pass have agreed on
 *
 * A pass needs an endpoint with a version, and a microversion that the service
 * has. Where the catalogue's endpoint does not name a version, and where the
 * service does not have the listing's microversion (406), its version document
 * says which there are; that holds for a day, since a service may be upgraded.
 *
 * https://specs.openstack.org/openstack/api-sig/guidelines/consuming-catalog.html
 */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include "keystone/microversion.h"
#include "walk/pass.h"

#include <stdint.h>

/* Of one listing in one region, and of one walk. Begin with zeros. */
struct agreement {
  int64_t microversion_until_ms; /* until then it is this, or "": none */
  char microversion[VERSION_TEXT];
  int64_t url_until_ms; /* until then */
  char *endpoint;       /* this one of the catalogue's */
  char *url;            /* is served here */
};
void agreement_clear(struct agreement *agreement);

/* agreement_pass(plan, ret_result, err): pass_run() with what `plan->agreement`
 * holds, or what is agreed on now, in place of the plan's url and version. -1:
 * as pass_run(), or the version document could not be had. */
int agreement_pass(const struct pass_plan *plan, struct pass_result *ret_result,
                   struct error *err);

/* agreement_major(listing): which version of its service a listing speaks; 0:
 * any. */
unsigned agreement_major(const struct listing *listing);

#endif
