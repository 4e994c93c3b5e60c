/* Any configuration, and any clouds.yaml behind a line "---": it is refused
 * with one error line, or the cloud can be made: what is wrong shows at the
 * start and not later.
 * Input: lines of <Plugin openstack>, "---", lines of clouds.yaml. */
#include "../unit/stub/configuration.h"

#include "config/plugin_options.h"
#include "fuzz.h"
#include "walk/cloud.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where clouds.yaml is found, and nothing else is. */
static void write_clouds(const char *text) {
  static int file = -1;
  if (file < 0) {
    char path[64];
    file = memfd_create("clouds.yaml", MFD_CLOEXEC);
    CLAIM(file >= 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    clearenv();
    setenv("OS_CLIENT_CONFIG_FILE", path, 1);
    setenv("OS_CLIENT_SECURE_FILE", path, 1);
    setenv("OS_CLIENT_VENDOR_FILE", path, 1);
  }
  CLAIM(ftruncate(file, 0) == 0);
  CLAIM(pwrite(file, text, strlen(text), 0) == (ssize_t)strlen(text));
}

static size_t errors(void) {
  size_t n = 0;
  enum complaint_kind kind = COMPLAINT_NOTE;
  for (size_t i = 0; i < heard_lines(); i++) {
    heard_line(i, &kind);
    n += kind == COMPLAINT_WRONG || kind == COMPLAINT_UNKNOWN ? 1 : 0;
  }
  return n;
}

static void check_cloud(const struct cloud_config *config) {
  struct error err;
  CLAIM(config->nmeters > 0 && config->session.auth_url != NULL);
  struct cloud *cloud = cloud_new(config, &err);
  CLAIM(cloud != NULL);
  cloud_free(cloud);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct plugin_options options = PLUGIN_OPTIONS_INIT;
  char *text = strndup((const char *)data, size);
  CLAIM(text != NULL);
  char *yaml = strstr(text, "---\n");
  if (yaml != NULL)
    *yaml = '\0';
  write_clouds(yaml != NULL ? yaml + 4 : "");
  heard_forget();
  struct config_item *tree = config_text(text);
  int status = plugin_options_read(&options, tree, 1, &heard);
  CLAIM(errors() == (status == 0 ? 0 : 1));
  for (size_t i = 0; status == 0 && i < options.nclouds; i++)
    check_cloud(options.clouds[i]);
  plugin_options_clear(&options);
  config_text_free(tree);
  free(text);
  return 0;
}
