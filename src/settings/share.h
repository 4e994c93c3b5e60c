/*
 * share - how several daemons share a cloud among them
 *
 * Plain data, which config/ makes of the <Share> block of a <Cloud> block.
 */
#ifndef SETTINGS_SHARE_H
#define SETTINGS_SHARE_H

#include "etcd/config.h"

#define SHARE_PREFIX "/collectd-openstack" /* unless the operator gives one */

/* What a daemon does while no etcd answers. */
enum share_loss {
  SHARE_LOSS_PROOF, /* walks on while it is certain that nobody can take over */
  SHARE_LOSS_STOP,  /* walks what it has until its lease may have ended */
  SHARE_LOSS_KEEP,  /* walks what it has, for ever */
  SHARE_LOSS_ALL,   /* after some intervals, walks everything */
};

/* What a daemon walks alone. */
enum share_unit {
  SHARE_UNIT_CLOUD,   /* the cloud: one daemon is active, the others stand by */
  SHARE_UNIT_LISTING, /* a listing, in all its regions */
  SHARE_UNIT_PROJECT, /* as before, and of per-project listings some projects */
};

#define SHARE_UNIT_USUAL                                                       \
  SHARE_UNIT_LISTING /* unless the operator gives one                          \
                      */

struct share_config {
  struct etcd_config etcd;
  char *prefix; /* of all keys: begins with "/" and does not end with it */
  enum share_loss loss;
  enum share_unit unit;
};

#endif
