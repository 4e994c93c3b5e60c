/*
 * replay - collectd-openstack replay: a recorded cycle, without a cloud
 */
#include "command/command.h"

#include "base/text.h"
#include "command/player.h"
#include "command/recording.h"
#include "command/values.h"
#include "report/log.h"

#include <stdlib.h>

static void on_cloud(void *arg, const struct cloud_config *config) {
  player_cloud(arg, config->name);
}

static int run(struct player *player, struct plugin_options *options,
               const struct command_line *line) {
  const struct values_wanted wanted = {.form = line->form,
                                       .cloud = line->cloud,
                                       .begin = on_cloud,
                                       .arg = player};
  tape_begin(player_tape(player), player_wall_ms(player));
  int status = values_print(options, &wanted);
  tape_begin(NULL, 0);
  return status;
}

int command_replay(const struct command_line *line) {
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  struct error err = {0};
  char *conf = text_printf("%s/%s", line->argument, RECORDING_CONF);
  struct player *player = player_new(line->argument, &err);
  int status = STATUS_USAGE;
  if (player == NULL)
    log_error("%s", err.text);
  else if (conf != NULL && load_recorded(conf, &options) == 0)
    status = run(player, &options, line);
  player_free(player);
  plugin_options_clear(&options);
  free(conf);
  return status;
}
