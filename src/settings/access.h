/*
 * access - what some listings need besides a token
 *
 * Plain data, which config/ makes of a <Cloud> block.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "meter/listing.h"

#include <stdbool.h>

/* Strings are NULL where the operator gave none. */
struct pass_access {
  char *account_prefix; /* of Swift's accounts; NULL: see account.h */
  char *s3_service;     /* AUTH_S3: its service type in the catalogue */
  char *s3_access_key;  /* AUTH_S3 */
  char *s3_secret_key, *s3_secret_key_file; /* one of them; the key is secret */
  bool implicit_tenants;                    /* "{uid}" is PROJECT$PROJECT */
};

/* access_service(access, listing): the service type whose endpoints are asked
 * for the listing. */
static inline const char *access_service(const struct pass_access *access,
                                         const struct listing *listing) {
  bool other = listing->auth == AUTH_S3 && access->s3_service != NULL;
  return other ? access->s3_service : listing->service;
}

#endif
