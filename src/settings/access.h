/*
 * access - what some listings need besides a token
 *
 * Plain data, from the configuration.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

/* What some listings need besides a token; from the configuration. */
struct pass_access {
  char *account_prefix; /* of Swift's accounts, or NULL: account.h */
  char *s3_service;     /* AUTH_S3: type in the catalogue */
  char *s3_access_key;  /* AUTH_S3 */
  char *s3_secret_key, *s3_secret_key_file; /* one; the first is secret */
  bool implicit_tenants;                    /* "{uid}" is PROJECT$PROJECT */
};

#endif
