#include "config/tls_files.h"

#include "base/file.h"
#include "config/option.h"

#include <stdbool.h>
#include <string.h>

/* The system's authorities are some 4000; and /dev/zero never ends. */
#define PEM_LINES 100000

#define CERTIFICATE "CERTIFICATE-----"
#define PRIVATE_KEY "PRIVATE KEY-----"

/* Has a file in PEM format such a piece: "-----BEGIN RSA PRIVATE KEY-----"? */
static bool contains(const char *path, const char *piece) {
  char line[256];
  bool found = false;
  size_t lines = 0;
  FILE *file = file_open(path, NULL, NULL);
  while (file != NULL && !found && lines++ < PEM_LINES &&
         fgets(line, sizeof(line), file) != NULL)
    found =
        strncmp(line, "-----BEGIN ", 11) == 0 && strstr(line, piece) != NULL;
  if (file != NULL)
    fclose(file);
  return found;
}

const char *tls_files_lack_certificate(const char *path) {
  return contains(path, CERTIFICATE) ? NULL
                                     : "holds no certificate in PEM format";
}

const char *tls_files_lack_key(const char *path) {
  return contains(path, PRIVATE_KEY) ? NULL
                                     : "holds no private key in PEM format";
}

int tls_files_check(const struct option_block *block, const char *cert,
                    const char *key) {
  if (key != NULL && cert == NULL)
    return option_refuse(block, "ClientKey needs ClientCert");
  if (key != NULL || cert == NULL || contains(cert, PRIVATE_KEY))
    return 0;
  return option_refuse(block,
                       "ClientCert \"%.200s\": holds no private key: "
                       "ClientKey is missing",
                       cert);
}
