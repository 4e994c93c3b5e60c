/*
 * tree - prints the tree that the command's parser makes of files
 *
 *   tree FILE ...
 *
 * In the form of dump.c, which prints what the daemon's parser makes of them.
 */
#include "command/conf_file.h"
#include "command/conf_text.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

static void put_value(const struct config_value *value) {
  if (value->kind == CONFIG_NUMBER)
    printf(" number %.17g", value->number);
  else if (value->kind == CONFIG_BOOLEAN)
    printf(" boolean %d", value->boolean);
  else
    printf(" text [%s]", value->text);
}

static void put_items(const struct config_item *parent, int depth) {
  for (size_t i = 0; i < parent->nchildren; i++) {
    const struct config_item *item = &parent->children[i];
    printf("%*s%s", 2 * depth, "", item->key);
    for (size_t j = 0; j < item->nvalues; j++)
      put_value(&item->values[j]);
    putchar('\n');
    put_items(item, depth + 1);
  }
}

static void on_complaint(void *arg, enum complaint_kind kind,
                         const char *line) {
  (void)arg;
  (void)kind;
  fprintf(stderr, "%s\n", line);
}

static char *read_all(const char *path) {
  struct error err;
  struct stat status;
  FILE *file = file_open(path, &status, &err);
  char *text = file != NULL ? malloc((size_t)status.st_size + 1) : NULL;
  if (text != NULL)
    text[fread(text, 1, (size_t)status.st_size, file)] = '\0';
  if (file != NULL)
    fclose(file);
  return text;
}

int main(int argc, char **argv) {
  const struct complaints to = {.take = on_complaint};
  for (int i = 1; i < argc; i++) {
    struct config_item root = {0};
    char *text = read_all(argv[i]);
    printf("== %s\n", argv[i]);
    if (text == NULL || conf_text_parse(argv[i], text, &to, &root) != 0)
      puts("refused");
    else
      put_items(&root, 0);
    config_tree_clear(&root);
    free(text);
  }
  return 0;
}
