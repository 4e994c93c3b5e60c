/*
 * listing_url - where a listing begins: the URL of its first page
 *
 * It puts together the endpoint, the listing's path with its placeholders, and
 * the fields to request. The pages that follow are for pages.h.
 */
#ifndef LISTING_URL_H
#define LISTING_URL_H

#include "walk/plan.h"

/* listing_url(plan, id): the URL of the first page of this project or owner, or
 * (NULL) of the cloud. The caller frees it. NULL: memory. */
char *listing_url(const struct pass_plan *plan, const char *id);

/* listing_url_fields(url, binding): frees `url`, which may be NULL, and returns
 * it with fields=NAME for each field of a record that is read and has a name in
 * the API. An answer without the other fields is a tenth as long, and secrets
 * in them never leave the server. The caller frees it. NULL: memory. */
char *listing_url_fields(char *url, const struct binding *binding);

#endif
