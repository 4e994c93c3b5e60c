/* Any recording, which a stranger may have made, is played to its end: each
 * value is a number and has a name, and nothing outside its folder is read.
 * Input: its files, with a line "---" between them: collectd.conf, index.json,
 * 000001.json and so on:
 *   awk 'FNR == 1 && NR > 1 { print "---" } 1' \
 *     collectd.conf index.json 0*.json */
#include "command/cycle.h"
#include "command/ears.h"
#include "command/load.h"
#include "command/player.h"
#include "command/recording.h"
#include "fuzz.h"
#include "net/http.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTS = 40 }; /* of an input, at most */

static char folder[64];

/* The path of a part: the configuration, the index, and then exchanges. */
static void path_of(int part, char *dst, size_t size) {
  if (part == 0)
    snprintf(dst, size, "%s/" RECORDING_CONF, folder);
  else if (part == 1)
    snprintf(dst, size, "%s/" RECORDING_INDEX, folder);
  else
    snprintf(dst, size, "%s/%06d.json", folder, part - 1);
}

static void remove_folder(void) {
  char path[128];
  for (int i = 0; i < PARTS; i++) {
    path_of(i, path, sizeof(path));
    unlink(path);
  }
  rmdir(folder);
}

static void make_folder(void) {
  struct error err;
  if (folder[0] != '\0')
    return;
  bool shared = access("/dev/shm", W_OK) == 0; /* in memory */
  snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX",
           shared ? "/dev/shm" : P_tmpdir);
  CLAIM(mkdtemp(folder) != NULL);
  CLAIM(atexit(remove_folder) == 0);
  CLAIM(http_start_up(&err) == 0);
  clearenv(); /* no proxy, and nobody's home */
}

static void write_part(int part, const char *text, size_t len) {
  char path[128];
  path_of(part, path, sizeof(path));
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  CLAIM(file >= 0 && write(file, text, len) == (ssize_t)len);
  close(file);
}

/* What an input lacks is empty. */
static void write_parts(const char *text, size_t left) {
  static const char mark[] = "\n---\n";
  for (int i = 0; i < PARTS; i++) {
    const char *end = left > 0 ? memmem(text, left, mark, 5) : NULL;
    size_t len = end != NULL ? (size_t)(end - text) + 1 : left;
    write_part(i, text, len);
    len += end != NULL ? 4 : 0;
    text += len;
    left -= len;
  }
}

static void on_value(void *arg, const struct host_value *value) {
  (void)arg;
  CLAIM(isfinite(value->number));
  CLAIM(value->host[0] != '\0' && strchr(value->host, '/') == NULL);
  CLAIM(value->type[0] != '\0' && strchr(value->type_instance, '/') == NULL);
  CLAIM(strchr(value->instance, '/') == NULL);
}

/* One line, whatever a server has said. */
static void on_line(void *arg, enum host_level level, const char *line) {
  (void)arg;
  (void)level;
  CLAIM(strpbrk(line, "\r\n") == NULL);
}

static void play(struct player *player, struct plugin_options *options) {
  const struct cycle_options how = {.probe = false};
  struct error err;
  tape_begin(player_tape(player), player_wall_ms(player));
  for (size_t i = 0; i < options->nclouds; i++) {
    player_cloud(player, options->clouds[i]->name);
    (void)cycle_run(options->clouds[i], &how, &err);
  }
  tape_begin(NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  const struct ears ears = {.value = on_value, .line = on_line};
  struct error err;
  char conf[128];
  make_folder();
  write_parts((const char *)data, size);
  ears_open(&ears);
  path_of(0, conf, sizeof(conf));
  struct player *player = player_new(folder, &err);
  if (player != NULL && load_recorded(conf, &options) == 0)
    play(player, &options);
  ears_open(NULL);
  player_free(player);
  plugin_options_clear(&options);
  return 0;
}
