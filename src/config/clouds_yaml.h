/*
 * clouds_yaml - one cloud's entry in clouds.yaml, as openstacksdk reads it
 *
 * The only module that knows libyaml. Values come from, in this order: the
 * entry in secure.yaml, the entry in clouds.yaml, and the profile it names in
 * clouds-public.yaml. The cloud "envvars" is not looked up: its entry is the
 * OS_* variables of the environment. Numbers stay the texts that they are. It
 * must not learn what a key means.
 *
 * Searched are $OS_CLIENT_CONFIG_FILE, $XDG_CONFIG_HOME/openstack,
 * ~/.config/openstack, $XDG_CONFIG_DIRS/openstack (or /etc/xdg/openstack) and
 * /etc/openstack; the first file found is the one. The current folder is left
 * out: a daemon has none of its own.
 *
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
#ifndef CLOUDS_YAML_H
#define CLOUDS_YAML_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define CLOUDS_YAML_SIZE (1024 * 1024) /* bytes of a file, at most */
#define CLOUDS_YAML_KEYS 1000          /* of an entry, and of merged maps */
#define CLOUDS_YAML_MERGED 10000       /* pairs that "<<" takes over, in all */

struct clouds_yaml;

/* clouds_yaml_open(cloud, file, err): the entry `cloud`; `file` NULL: searched
 * for. NULL: ERROR_CONFIG that names the file and what is wrong, or memory. */
struct clouds_yaml *clouds_yaml_open(const char *cloud, const char *file,
                                     struct error *err);
void clouds_yaml_close(struct clouds_yaml *yaml); /* NULL is fine */

/* A text, and where it stands. All of it lives as long as the entry. */
struct clouds_text {
  const char *key, *text; /* NULL: there is none, or null, or empty */
  bool is_list, is_map;   /* there is something, and it is no text */
  const char *file;       /* or "the environment" */
  bool from_profile;
  bool has_values; /* an item of a list: it is more than a name */
};

/* clouds_yaml_get(yaml, key): the text of "username" below "auth" or, if there
 * is none, beside it. In `key`, "_" is also a dash. */
struct clouds_text clouds_yaml_get(const struct clouds_yaml *yaml,
                                   const char *key);

/* clouds_yaml_beside(yaml, key): what stands beside "auth" alone: where that is
 * another text, the entry contradicts itself. */
struct clouds_text clouds_yaml_beside(const struct clouds_yaml *yaml,
                                      const char *key);

/* clouds_yaml_item(yaml, key, i): the i-th element of a list of texts, or of
 * maps with "name" and "values". No key: there are no more. */
struct clouds_text clouds_yaml_item(const struct clouds_yaml *yaml,
                                    const char *key, size_t i);

/* clouds_yaml_suffix(yaml, suffix, at): the next key of the entry that ends
 * with `suffix` ("_endpoint_override"), and its text; `at` begins with 0. No
 * key: there are no more. */
struct clouds_text clouds_yaml_suffix(const struct clouds_yaml *yaml,
                                      const char *suffix, size_t *at);

/* clouds_yaml_open_to_all(yaml, keys, i): the i-th file that everybody on this
 * machine may read and whose entry has one of these keys (up to a NULL), be it
 * the one that counts or not. NULL: there are no more. */
const char *clouds_yaml_open_to_all(const struct clouds_yaml *yaml,
                                    const char *const *keys, size_t i);

#endif
