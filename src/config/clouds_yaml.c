#include "config/clouds_yaml.h"

#include "base/file.h"
#include "base/text.h"
#include "config/clouds_file.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

enum source_kind { SECURE, CLOUDS, PROFILE, SOURCES };

/* A file, and the cloud's map in it. */
struct source {
  char *path;
  bool loaded, open_to_all;
  size_t merged; /* pairs */
  yaml_document_t document;
  yaml_node_t *entry; /* NULL: none */
};

struct clouds_yaml {
  struct source
      *sources; /* one of each kind; libyaml reads no const document */
};

/* ---- nodes -------------------------------------------------------------- */

/* NULL where there is nothing to be read: null, or an empty text. */
static const char *scalar_text(const yaml_node_t *node) {
  if (node == NULL || node->type != YAML_SCALAR_NODE)
    return NULL;
  const char *text = (const char *)node->data.scalar.value;
  bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  bool null = strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0;
  return text[0] == '\0' || (plain && null) ? NULL : text;
}

/* The value of a key in a map, or NULL. Of two that are alike the last counts,
 * as it does in Python. */
static yaml_node_t *member(struct source *source, const yaml_node_t *map,
                           const char *key) {
  if (map == NULL || map->type != YAML_MAPPING_NODE)
    return NULL;
  const yaml_node_pair_t *pair = map->data.mapping.pairs.top;
  while (pair-- > map->data.mapping.pairs.start) {
    const char *name =
        scalar_text(yaml_document_get_node(&source->document, pair->key));
    if (name != NULL && strcmp(name, key) == 0)
      return yaml_document_get_node(&source->document, pair->value);
  }
  return NULL;
}

static size_t keys_of(const yaml_node_t *map) {
  return map == NULL || map->type != YAML_MAPPING_NODE
             ? 0
             : (size_t)(map->data.mapping.pairs.top -
                        map->data.mapping.pairs.start);
}

static int check_size(const struct source *source, const yaml_node_t *map,
                      struct error *err) {
  return keys_of(map) <= CLOUDS_YAML_KEYS
             ? 0
             : error_set(
                   err, ERROR_CONFIG, "%.200s: line %zu: a map of over %d keys",
                   source->path, map->start_mark.line + 1, CLOUDS_YAML_KEYS);
}

/* Adds the pairs of one map whose keys another one has not. */
static int merge_map(struct source *source, int into, int from,
                     struct error *err) {
  yaml_document_t *document = &source->document;
  for (size_t i = 0;; i++) {
    yaml_node_t *to = yaml_document_get_node(document, into);
    yaml_node_t *map = yaml_document_get_node(document, from);
    if (i >= keys_of(map))
      return 0;
    if (check_size(source, map, err) != 0 || check_size(source, to, err) != 0)
      return -1;
    if (source->merged++ == CLOUDS_YAML_MERGED)
      return error_set(err, ERROR_CONFIG, "%.200s: \"<<\" merges over %d keys",
                       source->path, CLOUDS_YAML_MERGED);
    yaml_node_pair_t pair = map->data.mapping.pairs.start[i];
    const char *name = scalar_text(yaml_document_get_node(document, pair.key));
    if (name != NULL && member(source, to, name) == NULL &&
        !yaml_document_append_mapping_pair(document, into, pair.key,
                                           pair.value))
      return error_memory(err);
  }
}

/* What stands behind "<<" in a map, or 0. In quotes it is a key like others. */
static int merge_key(struct source *source, const yaml_node_t *map) {
  for (size_t i = keys_of(map); i-- > 0;) {
    const yaml_node_pair_t *pair = &map->data.mapping.pairs.start[i];
    const yaml_node_t *key =
        yaml_document_get_node(&source->document, pair->key);
    const char *name = scalar_text(key);
    if (name != NULL && strcmp(name, "<<") == 0 &&
        key->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
      return pair->value;
  }
  return 0;
}

/* The key "<<" of a map, which libyaml leaves alone: a map or a list of maps.
 */
static int merge_into(struct source *source, int map, struct error *err) {
  yaml_document_t *document = &source->document;
  int from = merge_key(source, yaml_document_get_node(document, map));
  const yaml_node_t *node = yaml_document_get_node(document, from);
  if (node == NULL || node->type != YAML_SEQUENCE_NODE)
    return node == NULL ? 0 : merge_map(source, map, from, err);
  const yaml_node_item_t *item = node->data.sequence.items.start;
  for (; item < node->data.sequence.items.top; item++)
    if (merge_map(source, map, *item, err) != 0)
      return -1;
  return 0;
}

/* What is merged stands before, and is whole by then. */
static int merge_all(struct source *source, struct error *err) {
  const yaml_document_t *document = &source->document;
  int n = (int)(document->nodes.top - document->nodes.start);
  for (int i = 1; i <= n; i++)
    if (merge_into(source, i, err) != 0)
      return -1;
  return 0;
}

static yaml_node_t *root_node(struct source *source) {
  return source->loaded ? yaml_document_get_root_node(&source->document) : NULL;
}

/* ---- files -------------------------------------------------------------- */

static FILE *open_file(struct source *source, struct error *err) {
  struct stat status;
  FILE *file = file_open(source->path, &status, err);
  if (file == NULL) {
    error_wrap(err, "%.200s", source->path);
    return NULL;
  }
  source->open_to_all = (status.st_mode & S_IROTH) != 0;
  if (status.st_size <= CLOUDS_YAML_SIZE)
    return file;
  error_set(err, ERROR_CONFIG, "%.200s: is over %d KiB", source->path,
            CLOUDS_YAML_SIZE / 1024);
  fclose(file);
  return NULL;
}

/* Of bytes that it cannot read libyaml reports the offset, and no line. */
static size_t line_of(const yaml_parser_t *parser, FILE *file) {
  size_t line = 1;
  if (parser->error != YAML_READER_ERROR)
    return parser->problem_mark.line + 1;
  rewind(file);
  for (size_t i = 0; i < parser->problem_offset; i++)
    line += fgetc(file) == '\n' ? 1 : 0;
  return line;
}

/* No piece of the file: the next word might be a password. */
static int refuse_file(const struct source *source, const yaml_parser_t *parser,
                       FILE *file, struct error *err) {
  const char *problem = parser->problem != NULL ? parser->problem : "no YAML";
  if (strstr(problem, "UTF-8") != NULL)
    problem = "is not UTF-8";
  return error_set(err, ERROR_CONFIG, "%.200s: line %zu: %s", source->path,
                   line_of(parser, file), problem);
}

static int load_file(struct source *source, struct error *err) {
  yaml_parser_t parser;
  FILE *file = open_file(source, err);
  if (file == NULL)
    return -1;
  if (!yaml_parser_initialize(&parser)) {
    fclose(file);
    return error_memory(err);
  }
  yaml_parser_set_input_file(&parser, file);
  source->loaded = yaml_parser_load(&parser, &source->document) != 0;
  int status = source->loaded ? merge_all(source, err)
                              : refuse_file(source, &parser, file, err);
  yaml_parser_delete(&parser);
  fclose(file);
  return status;
}

/* The first of DIR/NAME.yaml, .yml, .json that is there; NULL: none. */
/* A dash in a key is an underscore. */
static void underscore(struct source *source, const yaml_node_t *map) {
  if (map == NULL || map->type != YAML_MAPPING_NODE)
    return;
  const yaml_node_pair_t *pair = map->data.mapping.pairs.start;
  for (; pair < map->data.mapping.pairs.top; pair++) {
    yaml_node_t *key = yaml_document_get_node(&source->document, pair->key);
    char *c =
        key->type == YAML_SCALAR_NODE ? (char *)key->data.scalar.value : NULL;
    while (c != NULL && (c = strchr(c, '-')) != NULL)
      *c = '_';
  }
}

/* The entry of a cloud or a profile, if the file is there and has it. */
static int load_entry(struct source *source, const char *section,
                      const char *name, struct error *err) {
  if (source->path == NULL)
    return 0;
  if (source->path[0] != '/')
    return error_set(err, ERROR_CONFIG,
                     "%.200s: must be an absolute path: the daemon changes "
                     "its folder",
                     source->path);
  if (load_file(source, err) != 0)
    return -1;
  yaml_node_t *entry =
      member(source, member(source, root_node(source), section), name);
  if (entry == NULL || entry->type != YAML_MAPPING_NODE)
    return 0;
  if (check_size(source, entry, err) != 0 ||
      check_size(source, member(source, entry, "auth"), err) != 0)
    return -1;
  source->entry = entry;
  underscore(source, entry);
  underscore(source, member(source, entry, "auth"));
  return 0;
}

/* "; it has lab, prod", as far as they fit. */
static void put_names(struct source *source, const char *cloud, char *dst,
                      size_t size) {
  const yaml_node_t *map = member(source, root_node(source), "clouds");
  dst[0] = '\0';
  if (map == NULL || map->type != YAML_MAPPING_NODE)
    return;
  const yaml_node_pair_t *pair = map->data.mapping.pairs.start;
  for (; pair < map->data.mapping.pairs.top; pair++) {
    char name[80];
    const yaml_node_t *key =
        yaml_document_get_node(&source->document, pair->key);
    if (key->type != YAML_SCALAR_NODE ||
        strcmp((const char *)key->data.scalar.value, cloud) == 0)
      continue;
    text_one_line(name, sizeof(name), (const char *)key->data.scalar.value,
                  key->data.scalar.length);
    text_join(dst, size, "", dst[0] == '\0' ? "; it has " : ", ");
    text_join(dst, size, "", name);
  }
}

/* Either file may have the whole entry. */
static int open_files(struct clouds_yaml *y, const char *cloud,
                      const char *file, struct error *err) {
  struct source *clouds = &y->sources[CLOUDS], *secure = &y->sources[SECURE];
  bool lost = false; /* for want of memory */
  clouds->path = clouds_file_find(file, &lost);
  secure->path = clouds_file_secure(file, &lost);
  if (lost || load_entry(clouds, "clouds", cloud, err) != 0 ||
      load_entry(secure, "clouds", cloud, err) != 0)
    return lost ? error_memory(err) : -1;
  if (clouds->entry != NULL || secure->entry != NULL)
    return 0;
  char names[90];
  put_names(clouds, cloud, names, sizeof(names));
  if (clouds->path != NULL)
    return error_set(err, ERROR_CONFIG, "%.200s: has no cloud \"%.100s\"%s",
                     clouds->path, cloud, names);
  return error_set(err, ERROR_CONFIG,
                   "there is no AuthURL and no clouds.yaml (searched: "
                   "$OS_CLIENT_CONFIG_FILE, ~/.config/openstack, "
                   "/etc/openstack)");
}

static bool is_true(struct clouds_text text) {
  return text.text != NULL || text.is_list || text.is_map;
}

static int open_profile(struct clouds_yaml *y, struct error *err) {
  struct source *source = &y->sources[PROFILE];
  struct clouds_text named = clouds_yaml_get(y, "profile");
  if (!is_true(named))
    named = clouds_yaml_get(y, "cloud"); /* its older name */
  if (named.is_list || named.is_map)
    return error_set(err, ERROR_CONFIG, "%.200s: %s: expected a text",
                     named.file, named.key);
  const char *profile = named.text;
  if (profile == NULL)
    return 0;
  bool lost = false;
  source->path =
      clouds_file_search("clouds-public", "OS_CLIENT_VENDOR_FILE", &lost);
  if (load_entry(source, "public-clouds", profile, err) != 0 || lost)
    return lost ? error_memory(err) : -1;
  if (source->entry != NULL)
    return 0;
  return error_set(
      err, ERROR_CONFIG, "profile \"%.100s\" is not in %.200s", profile,
      source->path != NULL ? source->path : "clouds-public.yaml (none found)");
}

static int add_text(yaml_document_t *document, const char *text, size_t len) {
  return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)text,
                                  (int)len, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

/* These say where entries are, and are none of one. */
static bool is_of_search(const char *name) {
  return strncmp(name, "OS_CLOUD=", 9) == 0 ||
         strncmp(name, "OS_CLIENT_", 10) == 0;
}

/* OS_USERNAME is the entry's "username", and so on. */
static int add_variable(yaml_document_t *document, int entry,
                        const char *variable, struct error *err) {
  const char *name = variable + 3, *equals = strchr(variable, '=');
  if (strncmp(variable, "OS_", 3) != 0 || equals == NULL ||
      is_of_search(variable))
    return 0;
  if (!text_is_utf8(variable)) /* libyaml takes nothing else */
    return error_set(err, ERROR_CONFIG, "the environment: %.*s is not UTF-8",
                     (int)(equals - variable), variable);
  int key = add_text(document, name, (size_t)(equals - name));
  int value = add_text(document, equals + 1, strlen(equals + 1));
  if (key == 0 || value == 0 ||
      !yaml_document_append_mapping_pair(document, entry, key, value))
    return error_memory(err);
  yaml_node_t *node = yaml_document_get_node(document, key);
  for (yaml_char_t *c = node->data.scalar.value; *c != '\0'; c++)
    *c = (yaml_char_t)tolower(*c);
  return 0;
}

static int open_environment(struct clouds_yaml *y, struct error *err) {
  struct source *source = &y->sources[CLOUDS];
  yaml_document_t *document = &source->document;
  source->path = strdup("the environment");
  source->loaded =
      yaml_document_initialize(document, NULL, NULL, NULL, 1, 1) != 0;
  int entry =
      source->loaded
          ? yaml_document_add_mapping(document, NULL, YAML_BLOCK_MAPPING_STYLE)
          : 0;
  if (source->path == NULL || entry == 0)
    return error_memory(err);
  for (char **variable = environ; *variable != NULL; variable++)
    if (add_variable(document, entry, *variable, err) != 0)
      return -1;
  source->entry = root_node(source);
  return 0;
}

/* ---- what is asked ------------------------------------------------------ */

static yaml_node_t *auth_of(struct source *source) {
  return member(source, source->entry, "auth");
}

/* What the nearest file says that has this key, in "auth" or beside it. Where
 * that is nothing, no other file is asked. */
static struct clouds_text find_text(const struct clouds_yaml *y,
                                    const char *key, bool auth) {
  for (int i = 0; i < SOURCES; i++) {
    struct source *source = &y->sources[i];
    yaml_node_t *map = auth ? auth_of(source) : source->entry;
    yaml_node_t *value = member(source, map, key);
    if (value != NULL)
      return (struct clouds_text){.key = key,
                                  .text = scalar_text(value),
                                  .is_list = value->type == YAML_SEQUENCE_NODE,
                                  .is_map = value->type == YAML_MAPPING_NODE,
                                  .file = source->path,
                                  .from_profile = i == PROFILE};
  }
  return (struct clouds_text){.key = key};
}

struct clouds_text clouds_yaml_get(const struct clouds_yaml *y,
                                   const char *key) {
  struct clouds_text found = find_text(y, key, true);
  return is_true(found) ? found : find_text(y, key, false);
}

struct clouds_text clouds_yaml_beside(const struct clouds_yaml *y,
                                      const char *key) {
  return find_text(y, key, false);
}

struct clouds_text clouds_yaml_item(const struct clouds_yaml *y,
                                    const char *key, size_t i) {
  for (int s = 0; s < SOURCES; s++) {
    struct source *source = &y->sources[s];
    yaml_node_t *list = member(source, source->entry, key);
    if (list == NULL || list->type != YAML_SEQUENCE_NODE)
      continue;
    yaml_node_item_t *item = list->data.sequence.items.start + i;
    if (item >= list->data.sequence.items.top)
      break;
    yaml_node_t *node = yaml_document_get_node(&source->document, *item);
    yaml_node_t *values = member(source, node, "values");
    const char *text = scalar_text(node);
    if (text == NULL)
      text = scalar_text(member(source, node, "name"));
    return (struct clouds_text){
        .key = key,
        .text = text,
        .is_list = node->type == YAML_SEQUENCE_NODE,
        .is_map = node->type == YAML_MAPPING_NODE && text == NULL,
        .file = source->path,
        .from_profile = s == PROFILE,
        .has_values =
            text != NULL && values != NULL &&
            values->type == YAML_MAPPING_NODE &&
            values->data.mapping.pairs.start < values->data.mapping.pairs.top};
  }
  return (struct clouds_text){.key = NULL};
}

struct clouds_text clouds_yaml_suffix(const struct clouds_yaml *y,
                                      const char *suffix, size_t *at) {
  size_t end = strlen(suffix), before = 0;
  for (int s = 0; s < SOURCES; s++) {
    struct source *source = &y->sources[s];
    size_t n = keys_of(source->entry);
    while (*at < before + n) {
      const yaml_node_pair_t *pair =
          &source->entry->data.mapping.pairs.start[(*at)++ - before];
      const char *key =
          scalar_text(yaml_document_get_node(&source->document, pair->key));
      size_t len = key != NULL ? strlen(key) : 0;
      if (len <= end || strcmp(key + len - end, suffix) != 0)
        continue;
      struct clouds_text found = find_text(y, key, false);
      if (is_true(found) && found.file == source->path)
        return found;
    }
    before += n;
  }
  return (struct clouds_text){.key = NULL};
}

static bool has_any(struct source *source, const char *const *keys) {
  for (; *keys != NULL; keys++)
    if (scalar_text(member(source, auth_of(source), *keys)) != NULL ||
        scalar_text(member(source, source->entry, *keys)) != NULL)
      return true;
  return false;
}

const char *clouds_yaml_open_to_all(const struct clouds_yaml *y,
                                    const char *const *keys, size_t i) {
  for (int s = 0; s < SOURCES; s++) {
    struct source *source = &y->sources[s];
    if (source->open_to_all && has_any(source, keys) && i-- == 0)
      return source->path;
  }
  return NULL;
}

struct clouds_yaml *clouds_yaml_open(const char *cloud, const char *file,
                                     struct error *err) {
  struct clouds_yaml *y = calloc(1, sizeof(*y));
  if (y != NULL)
    y->sources = calloc(SOURCES, sizeof(*y->sources));
  if (y == NULL || y->sources == NULL) {
    free(y);
    error_memory(err);
    return NULL;
  }
  bool environment = file == NULL && strcmp(cloud, "envvars") == 0;
  int status =
      environment ? open_environment(y, err) : open_files(y, cloud, file, err);
  if (status == 0)
    status = open_profile(y, err);
  if (status == 0)
    return y;
  clouds_yaml_close(y);
  return NULL;
}

void clouds_yaml_close(struct clouds_yaml *y) {
  if (y == NULL)
    return;
  for (int i = 0; i < SOURCES; i++) {
    if (y->sources[i].loaded)
      yaml_document_delete(&y->sources[i].document);
    free(y->sources[i].path);
  }
  free(y->sources);
  free(y);
}
