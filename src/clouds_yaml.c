#include "clouds_yaml.h"

#include "text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

enum source_kind { SECURE, CLOUDS, PROFILE, SOURCES };

/* A file, and the cloud's map in it. */
struct source {
  char *path;
  bool loaded, open_to_all;
  yaml_document_t document;
  yaml_node_t *entry; /* NULL: none */
};

struct clouds_yaml {
  bool environment; /* "envvars": no file at all */
  struct source sources[SOURCES];
};

/* ---- nodes -------------------------------------------------------------- */

static const char *scalar(const yaml_node_t *node) {
  if (node == NULL || node->type != YAML_SCALAR_NODE)
    return NULL;
  const char *text = (const char *)node->data.scalar.value;
  bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  bool null = text[0] == '\0' || strcmp(text, "~") == 0 ||
              strcasecmp(text, "null") == 0;
  return plain && null ? NULL : text;
}

/* The value of a key in a map, or NULL. */
static yaml_node_t *member(struct source *source, yaml_node_t *map,
                           const char *key) {
  if (map == NULL || map->type != YAML_MAPPING_NODE)
    return NULL;
  yaml_node_pair_t *pair = map->data.mapping.pairs.start;
  for (; pair < map->data.mapping.pairs.top; pair++) {
    const char *name =
        scalar(yaml_document_get_node(&source->document, pair->key));
    if (name != NULL && strcmp(name, key) == 0)
      return yaml_document_get_node(&source->document, pair->value);
  }
  return NULL;
}

static yaml_node_t *root(struct source *source) {
  return source->loaded ? yaml_document_get_root_node(&source->document) : NULL;
}

/* ---- files -------------------------------------------------------------- */

static int load(struct source *source, struct error *err) {
  yaml_parser_t parser;
  FILE *file = fopen(source->path, "re");
  if (file == NULL)
    return error_set(err, ERROR_CONFIG, "%s: cannot be read: %m", source->path);
  struct stat status_of;
  source->open_to_all = fstat(fileno(file), &status_of) == 0 &&
                        (status_of.st_mode & S_IROTH) != 0;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  if (size > CLOUDS_YAML_SIZE) {
    fclose(file);
    return error_set(err, ERROR_CONFIG, "%s: is over %d KiB", source->path,
                     CLOUDS_YAML_SIZE / 1024);
  }
  if (!yaml_parser_initialize(&parser)) {
    fclose(file);
    return error_memory(err);
  }
  yaml_parser_set_input_file(&parser, file);
  int status = 0;
  if (yaml_parser_load(&parser, &source->document))
    source->loaded = true;
  else
    /* No piece of the file: the next word might be a password. */
    status = error_set(err, ERROR_CONFIG, "%s: line %zu: %s", source->path,
                       parser.problem_mark.line + 1,
                       parser.problem != NULL ? parser.problem : "no YAML");
  yaml_parser_delete(&parser);
  fclose(file);
  return status;
}

/* The first of DIR/NAME.yaml, .yml, .json that is there; NULL: none. */
static char *find_in(const char *folder, const char *name) {
  static const char *const endings[] = {"yaml", "yml", "json"};
  for (size_t i = 0; i < 3; i++) {
    char *path = text_printf("%s/%s.%s", folder, name, endings[i]);
    if (path != NULL && access(path, F_OK) == 0)
      return path;
    free(path);
  }
  return NULL;
}

static char *find_file(const char *name, const char *variable) {
  const char *given = getenv(variable);
  if (given != NULL && given[0] != '\0')
    return strdup(given);
  const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
  char *folder = NULL, *path = NULL;
  if (xdg != NULL && xdg[0] != '\0')
    folder = text_printf("%s/openstack", xdg);
  else if (home != NULL && home[0] != '\0')
    folder = text_printf("%s/.config/openstack", home);
  if (folder != NULL)
    path = find_in(folder, name);
  free(folder);
  return path != NULL ? path : find_in("/etc/openstack", name);
}

static int open_clouds(struct clouds_yaml *y, const char *cloud,
                       const char *file, struct error *err) {
  struct source *source = &y->sources[CLOUDS];
  source->path = file != NULL ? strdup(file)
                              : find_file("clouds", "OS_CLIENT_CONFIG_FILE");
  if (source->path == NULL)
    return error_set(err, ERROR_CONFIG,
                     "there is no AuthURL and no clouds.yaml (searched: "
                     "$OS_CLIENT_CONFIG_FILE, ~/.config/openstack, "
                     "/etc/openstack)");
  if (load(source, err) != 0)
    return -1;
  source->entry = member(source, member(source, root(source), "clouds"), cloud);
  if (source->entry == NULL || source->entry->type != YAML_MAPPING_NODE)
    return error_set(err, ERROR_CONFIG, "%s: has no cloud \"%s\"", source->path,
                     cloud);
  return 0;
}

/* Beside a file that was named only its own folder is looked into. */
static int open_secure(struct clouds_yaml *y, const char *cloud,
                       const char *file, struct error *err) {
  struct source *source = &y->sources[SECURE];
  if (file != NULL) {
    const char *slash = strrchr(file, '/');
    char *folder =
        slash != NULL ? strndup(file, (size_t)(slash - file)) : strdup(".");
    source->path = folder != NULL ? find_in(folder, "secure") : NULL;
    free(folder);
  } else {
    source->path = find_file("secure", "OS_CLIENT_SECURE_FILE");
  }
  if (source->path == NULL)
    return 0;
  if (load(source, err) != 0)
    return -1;
  source->entry = member(source, member(source, root(source), "clouds"), cloud);
  return 0;
}

static int open_profile(struct clouds_yaml *y, struct error *err) {
  struct source *source = &y->sources[PROFILE];
  const char *profile = clouds_yaml_get(y, "profile").text;
  if (profile == NULL)
    profile = clouds_yaml_get(y, "cloud").text; /* its older name */
  if (profile == NULL)
    return 0;
  source->path = find_file("clouds-public", "OS_CLIENT_VENDOR_FILE");
  if (source->path != NULL && load(source, err) != 0)
    return -1;
  source->entry =
      member(source, member(source, root(source), "public-clouds"), profile);
  if (source->entry != NULL)
    return 0;
  return error_set(err, ERROR_CONFIG, "profile \"%s\" is not in %s", profile,
                   source->path != NULL ? source->path
                                        : "clouds-public.yaml (none found)");
}

/* ---- what is asked ------------------------------------------------------ */

static const char *from_environment(const char *key) {
  char name[80] = "OS_";
  size_t i = 3;
  for (; *key != '\0' && i + 1 < sizeof(name); key++)
    name[i++] = (char)toupper((unsigned char)*key);
  name[i] = '\0';
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* In one file: below "auth", or beside it. */
static const char *find_text(struct source *source, const char *key) {
  const char *text =
      scalar(member(source, member(source, source->entry, "auth"), key));
  return text != NULL ? text : scalar(member(source, source->entry, key));
}

struct clouds_text clouds_yaml_get(const struct clouds_yaml *y,
                                   const char *key) {
  struct clouds_text found = {.key = key, .file = "the environment"};
  if (y->environment)
    found.text = from_environment(key);
  for (int i = 0; i < SOURCES && found.text == NULL && !y->environment; i++) {
    struct source *source = (struct source *)&y->sources[i];
    found.text = find_text(source, key);
    found.file = source->path;
  }
  return found;
}

struct clouds_text clouds_yaml_item(const struct clouds_yaml *y,
                                    const char *key, size_t i) {
  for (int s = 0; s < SOURCES && !y->environment; s++) {
    struct source *source = (struct source *)&y->sources[s];
    yaml_node_t *list = member(source, source->entry, key);
    if (list == NULL || list->type != YAML_SEQUENCE_NODE)
      continue;
    yaml_node_item_t *item = list->data.sequence.items.start + i;
    if (item >= list->data.sequence.items.top)
      break;
    yaml_node_t *node = yaml_document_get_node(&source->document, *item);
    const char *text = scalar(node);
    if (text == NULL)
      text = scalar(member(source, node, "name"));
    return (struct clouds_text){key, text, source->path};
  }
  return (struct clouds_text){.key = key};
}

struct clouds_text clouds_yaml_suffix(const struct clouds_yaml *y,
                                      const char *suffix, size_t i) {
  size_t end = strlen(suffix);
  for (int s = 0; s < SOURCES && !y->environment; s++) {
    struct source *source = (struct source *)&y->sources[s];
    if (source->entry == NULL || source->entry->type != YAML_MAPPING_NODE)
      continue;
    yaml_node_pair_t *pair = source->entry->data.mapping.pairs.start;
    for (; pair < source->entry->data.mapping.pairs.top; pair++) {
      const char *key =
          scalar(yaml_document_get_node(&source->document, pair->key));
      const char *value =
          scalar(yaml_document_get_node(&source->document, pair->value));
      size_t len = key != NULL ? strlen(key) : 0;
      if (value == NULL || len <= end || strcmp(key + len - end, suffix) != 0)
        continue;
      if (i-- == 0)
        return (struct clouds_text){key, value, source->path};
    }
  }
  return (struct clouds_text){.key = NULL};
}

static bool has_any(struct source *source, const char *const *keys) {
  for (; *keys != NULL; keys++)
    if (find_text(source, *keys) != NULL)
      return true;
  return false;
}

const char *clouds_yaml_open_to_all(const struct clouds_yaml *y,
                                    const char *const *keys, size_t i) {
  for (int s = 0; s < SOURCES; s++) {
    struct source *source = (struct source *)&y->sources[s];
    if (source->open_to_all && has_any(source, keys) && i-- == 0)
      return source->path;
  }
  return NULL;
}

struct clouds_yaml *clouds_yaml_open(const char *cloud, const char *file,
                                     struct error *err) {
  struct clouds_yaml *y = calloc(1, sizeof(*y));
  if (y == NULL) {
    error_memory(err);
    return NULL;
  }
  y->environment = file == NULL && strcmp(cloud, "envvars") == 0;
  if (!y->environment &&
      (open_clouds(y, cloud, file, err) != 0 ||
       open_secure(y, cloud, file, err) != 0 || open_profile(y, err) != 0)) {
    clouds_yaml_close(y);
    return NULL;
  }
  return y;
}

void clouds_yaml_close(struct clouds_yaml *y) {
  if (y == NULL)
    return;
  for (int i = 0; i < SOURCES; i++) {
    if (y->sources[i].loaded)
      yaml_document_delete(&y->sources[i].document);
    free(y->sources[i].path);
  }
  free(y);
}
