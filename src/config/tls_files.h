/*
 * tls_files - whether files of TLS hold what they are named for
 *
 * What is not in these files curl would miss in each request, and not at once.
 */
#ifndef TLS_FILES_H
#define TLS_FILES_H

struct option_block;

/* tls_files_lack_certificate(path), tls_files_lack_key(path): for option.wrong
 * of an OPTION_FILE: what is wrong with the file, or NULL. */
const char *tls_files_lack_certificate(const char *path);
const char *tls_files_lack_key(const char *path);

/* tls_files_check(block, cert, key): do a client's certificate and key, which
 * may both be NULL, belong together? -1: complained. */
int tls_files_check(const struct option_block *block, const char *cert,
                    const char *key);

#endif
