/*
 * listing_url - where a listing begins: the URL of its first page
 *
 * It puts together the endpoint, the listing's path with its placeholders, and
 * the fields to ask for. Which page follows is the part of pages.
 */
#ifndef LISTING_URL_H
#define LISTING_URL_H

#include "walk/plan.h"

/* listing_url(plan, id): the first page's, of this project or owner or (NULL)
 * of the cloud; the caller frees it. NULL: memory. */
char *listing_url(const struct pass_plan *plan, const char *id);

/* listing_url_fields(url, binding): frees `url`, which may be NULL, and returns
 * it with fields=NAME for each field of a record that is read and that the API
 * has a name for: an answer without the rest is a tenth as long, and what is
 * secret there never leaves the server. The caller frees it. NULL: memory. */
char *listing_url_fields(char *url, const struct binding *binding);

#endif
