/*
 * access - what some listings need besides a token
 *
 * Plain data, which config/ makes of a <Cloud> block.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

/* Strings are NULL where the operator gave none. */
struct pass_access {
  char *account_prefix; /* of Swift's accounts; NULL: see account.h */
  char *s3_service;     /* AUTH_S3: its service type in the catalogue */
  char *s3_access_key;  /* AUTH_S3 */
  char *s3_secret_key, *s3_secret_key_file; /* one of them; the key is secret */
  bool implicit_tenants;                    /* "{uid}" is PROJECT$PROJECT */
};

#endif
