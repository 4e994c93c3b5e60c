/*
 * config - how to reach etcd. Data
 *
 * config/share_options makes it of a <Share> block, and checks it.
 */
#ifndef ETCD_CONFIG_H
#define ETCD_CONFIG_H

#include "base/text.h"

#define ETCD_ENDPOINTS 16 /* at most */

/* A string is NULL if the operator did not give it. */
struct etcd_config {
  struct text_list endpoints; /* "https://ctl1:2379": 1 to ETCD_ENDPOINTS */
  char *ca_cert, *client_cert, *client_key; /* PEM files */
  char *username;                           /* NULL: no login */
  char *password, *password_file;           /* one of them, with a username */
};

#endif
