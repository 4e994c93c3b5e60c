/*
 * agreement - the URL and the microversion that a pass uses with a service
 *
 * A pass needs an endpoint with a version, and a microversion that the service
 * has. If the catalogue's endpoint has no version, or the service does not have
 * the listing's microversion (406), the service's version document tells which
 * there are. The answer is kept for a day, since a service may be upgraded.
 *
 * https://specs.openstack.org/openstack/api-sig/guidelines/consuming-catalog.html
 */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include "keystone/microversion.h"
#include "walk/pass.h"

#include <stdint.h>

/* Belongs to one listing in one region, and to one walk. Initialise with
 * zeros. */
struct agreement {
  int64_t microversion_until_ms; /* until then this one; "": none */
  char microversion[VERSION_TEXT];
  int64_t url_until_ms; /* until then `url` replaces `endpoint` */
  char *endpoint;       /* as the catalogue has it */
  char *url;            /* used instead */
};
void agreement_clear(struct agreement *agreement);

/* agreement_pass(plan, ret_result, err): calls pass_run() with the plan's url
 * and version replaced by what `plan->agreement` holds; asks the service first
 * if it holds nothing. -1: as pass_run(), or the version document could not be
 * read. */
int agreement_pass(const struct pass_plan *plan, struct pass_result *ret_result,
                   struct error *err);

/* agreement_major(listing): the version of its service that a listing uses; 0:
 * any. */
unsigned agreement_major(const struct listing *listing);

#endif
