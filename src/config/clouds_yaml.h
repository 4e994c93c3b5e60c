/*
 * clouds_yaml - one cloud's entry in clouds.yaml, as openstacksdk reads it
 *
 * The only module that knows libyaml. It takes a value from the first of these
 * that has it: the entry in secure.yaml, the entry in clouds.yaml, the profile
 * in clouds-public.yaml that the entry names. The cloud "envvars" is in no
 * file: its entry is the OS_* variables of the environment. A number is kept as
 * text. The module must not learn what a key means.
 *
 * It looks for clouds.yaml at $OS_CLIENT_CONFIG_FILE, then in
 * $XDG_CONFIG_HOME/openstack, ~/.config/openstack, $XDG_CONFIG_DIRS/openstack
 * (or /etc/xdg/openstack) and /etc/openstack, and takes the first file that it
 * finds. It does not look in the current folder, since a daemon has none of its
 * own.
 *
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
#ifndef CLOUDS_YAML_H
#define CLOUDS_YAML_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define CLOUDS_YAML_SIZE (1024 * 1024) /* bytes of a file, at most */
#define CLOUDS_YAML_KEYS 1000          /* of an entry, or of merged maps */
#define CLOUDS_YAML_MERGED 10000       /* pairs copied by "<<", in all */

struct clouds_yaml;

/* clouds_yaml_open(cloud, file, err): opens the entry `cloud`. If `file` is
 * NULL, searches for it as above. NULL: ERROR_CONFIG that names the file and
 * the mistake, or memory. */
struct clouds_yaml *clouds_yaml_open(const char *cloud, const char *file,
                                     struct error *err);
void clouds_yaml_close(struct clouds_yaml *yaml); /* NULL is fine */

/* A text and its origin. All of it lives as long as the entry. */
struct clouds_text {
  const char *key, *text; /* `text` is NULL if there is none, or it is null or
                             empty */
  bool is_list, is_map;   /* there is a value, but it is no text */
  const char *file;       /* or "the environment" */
  bool from_profile;
  bool has_values; /* an item of a list: it has more than a name */
};

/* clouds_yaml_get(yaml, key): the text of `key` ("username") below "auth" or,
 * if it is not there, beside "auth". "_" in `key` also matches a dash. */
struct clouds_text clouds_yaml_get(const struct clouds_yaml *yaml,
                                   const char *key);

/* clouds_yaml_beside(yaml, key): only the text beside "auth". If it is not that
 * of clouds_yaml_get(), the entry contradicts itself. */
struct clouds_text clouds_yaml_beside(const struct clouds_yaml *yaml,
                                      const char *key);

/* clouds_yaml_item(yaml, key, i): the i-th element of a list of texts, or of
 * maps with "name" and "values". `key` is NULL in the result: the list has
 * ended. */
struct clouds_text clouds_yaml_item(const struct clouds_yaml *yaml,
                                    const char *key, size_t i);

/* clouds_yaml_suffix(yaml, suffix, at): the next key of the entry that ends
 * with `suffix` ("_endpoint_override"), and its text. `*at` must be 0 at first.
 * `key` is NULL in the result: there are no more. */
struct clouds_text clouds_yaml_suffix(const struct clouds_yaml *yaml,
                                      const char *suffix, size_t *at);

/* clouds_yaml_open_to_all(yaml, keys, i): the i-th file that everybody on this
 * machine may read and whose entry has one of `keys` (a NULL ends them), even
 * if another file's value is the one used. NULL: there are no more. */
const char *clouds_yaml_open_to_all(const struct clouds_yaml *yaml,
                                    const char *const *keys, size_t i);

#endif
