/*
 * recording - what the files of a recording are called. Data
 *
 *   collectd.conf   the configuration, as far as a replay needs it
 *   000001.json ... one exchange each, in the order in which they ended
 *   index.json      all of them, and when it began; written last
 *
 * docs/collectd-openstack-command.pod describes what is in them.
 */
#ifndef RECORDING_H
#define RECORDING_H

#define RECORDING_FORMAT 1 /* index.json's "recording" */
#define RECORDING_INDEX "index.json"
#define RECORDING_CONF "collectd.conf"
#define RECORDING_FILE 40 /* bytes of a file's name, at most */

#endif
