/*
 * clouds_file - where clouds.yaml and secure.yaml are
 *
 * Looks where openstacksdk does: in the file that a variable names, then in the
 * folders of the XDG specification, then in /etc/openstack. It opens nothing.
 */
#ifndef CLOUDS_FILE_H
#define CLOUDS_FILE_H

#include <stdbool.h>

/* clouds_file_find(file, lost): `file` if the operator named one, or else the
 * clouds.yaml that is there; the caller frees it. NULL: there is none, or
 * memory ran out and `lost` is set. */
char *clouds_file_find(const char *file, bool *lost);

/* clouds_file_search(name, variable, lost): the file that the environment
 * variable names, or else NAME.yaml, .yml or .json of the first folder that has
 * one. As clouds_file_find(). */
char *clouds_file_search(const char *name, const char *variable, bool *lost);

/* clouds_file_secure(file, lost): the secure.yaml. Beside a clouds.yaml that
 * the operator named only its own folder is searched. As clouds_file_find(). */
char *clouds_file_secure(const char *file, bool *lost);

#endif
