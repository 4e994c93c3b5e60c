#include "command/conf_file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "command/conf_text.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

enum { DEPTH = 8, FILE_MOST = 16 << 20 };

/* Where it is, and what it reads. */
struct reading {
  const struct complaints *to;
  int depth;
  const char *filter; /* NULL: none */
};

static int read_path(const struct reading *r, const char *path,
                     struct config_item *ret);

/* ---- a file ------------------------------------------------------------- */

#define FOR_ROOT "may not be read by this user: run the command as root"

static bool is_for_root(const char *path) {
  return geteuid() != 0 && access(path, R_OK) != 0 && errno == EACCES;
}

/* NUL-terminated; some of it is secret. */
static char *read_text(const char *path, struct error *err) {
  struct stat status;
  FILE *file = file_open(path, &status, err);
  if (file == NULL) {
    if (is_for_root(path))
      error_set(err, ERROR_CONFIG, FOR_ROOT);
    return NULL;
  }
  size_t size = (size_t)status.st_size;
  char *text = size <= FILE_MOST ? malloc(size + 1) : NULL;
  if (text != NULL)
    text[fread(text, 1, size, file)] = '\0';
  else
    error_set(err, ERROR_LIMIT, "is too long");
  fclose(file);
  return text;
}

/* NULL: none. */
static const char *filter_of(const struct config_item *include,
                             const struct complaints *to) {
  const char *filter = NULL;
  for (size_t i = 0; i < include->nchildren; i++) {
    const struct config_item *child = &include->children[i];
    if (strcasecmp(child->key, "Filter") == 0 && child->nvalues == 1 &&
        child->values[0].kind == CONFIG_TEXT)
      filter = child->values[0].text;
    else
      complain(to, COMPLAINT_WARNING, "<Include> has no option \"%s\"",
               child->key);
  }
  return filter;
}

static int include(const struct reading *r, const struct config_item *item,
                   struct config_item *ret) {
  if (item->nvalues != 1 || item->values[0].kind != CONFIG_TEXT) {
    complain(r->to, COMPLAINT_WARNING, "Include needs one text in quotes");
    return 0;
  }
  const char *path = item->values[0].text;
  if (r->depth + 1 >= DEPTH) {
    complain(r->to, COMPLAINT_WRONG,
             "Include \"%s\": files include each other more than %d deep", path,
             DEPTH);
    return -1;
  }
  const struct reading inner = {
      .to = r->to, .depth = r->depth + 1, .filter = filter_of(item, r->to)};
  return read_path(&inner, path, ret);
}

/* The file's lines, with others in the place of each Include. */
static int include_all(const struct reading *r, struct config_item *file,
                       struct config_item *ret) {
  int status = 0;
  for (size_t i = 0; status == 0 && i < file->nchildren; i++) {
    struct config_item *child = &file->children[i];
    if (strcasecmp(child->key, "Include") == 0)
      status = include(r, child, ret);
    else
      status = conf_tree_add(ret, child);
  }
  return status;
}

static int read_file(const struct reading *r, const char *path,
                     struct config_item *ret) {
  struct error err;
  struct config_item file = {0};
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  if (r->filter != NULL && fnmatch(r->filter, name, 0) != 0)
    return 0;
  char *text = read_text(path, &err);
  if (text == NULL) {
    complain(r->to, COMPLAINT_WRONG, "%s %s", path, err.text);
    return -1;
  }
  int status = conf_text_parse(path, text, r->to, &file);
  secret_free(text);
  if (status == 0)
    status = include_all(r, &file, ret);
  config_tree_clear(&file);
  return status;
}

/* ---- folders and patterns ----------------------------------------------- */

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_folder(const struct reading *r, const char *path,
                       struct config_item *ret) {
  struct dirent **entries;
  int n = scandir(path, &entries, is_visible, by_bytes), status = 0;
  if (n < 0) {
    complain(r->to, COMPLAINT_WRONG, "%s cannot be read", path);
    return -1;
  }
  for (int i = 0; i < n; i++) {
    char *full = text_printf("%s/%s", path, entries[i]->d_name);
    if (status == 0)
      status = full != NULL ? read_path(r, full, ret) : -1;
    free(full);
    free(entries[i]);
  }
  free(entries);
  return status;
}

static int read_one(const struct reading *r, const char *path,
                    struct config_item *ret) {
  struct stat status;
  if (stat(path, &status) != 0) {
    complain(r->to, r->depth == 0 ? COMPLAINT_WRONG : COMPLAINT_WARNING,
             "%s %s", path,
             is_for_root(path) ? FOR_ROOT : "is not there, or cannot be read");
    return r->depth == 0 ? -1 : 0;
  }
  if (S_ISDIR(status.st_mode))
    return read_folder(r, path, ret);
  return read_file(r, path, ret);
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int read_path(const struct reading *r, const char *path,
                     struct config_item *ret) {
  wordexp_t words;
  int status = 0;
  if (wordexp(path, &words, WRDE_NOCMD) != 0) {
    complain(r->to, COMPLAINT_WRONG, "Include \"%s\": no such pattern", path);
    return -1;
  }
  qsort(words.we_wordv, words.we_wordc, sizeof(*words.we_wordv), by_text);
  for (size_t i = 0; status == 0 && i < words.we_wordc; i++)
    status = read_one(r, words.we_wordv[i], ret);
  wordfree(&words);
  return status;
}

int conf_file_read(const char *path, const struct complaints *to,
                   struct config_item *ret) {
  return read_one(&(struct reading){.to = to}, path, ret);
}
