/*
 * tls_files - whether files of TLS hold what they are named for
 *
 * Without this check curl would find a wrong file only when a request is made.
 */
#ifndef TLS_FILES_H
#define TLS_FILES_H

struct option_block;

/* tls_files_lack_certificate(path), tls_files_lack_key(path): what is wrong
 * with the file; NULL: nothing. For option.wrong of an OPTION_FILE. */
const char *tls_files_lack_certificate(const char *path);
const char *tls_files_lack_key(const char *path);

/* tls_files_check(block, cert, key): do a client's certificate and key, which
 * may both be NULL, belong together? -1: complained. */
int tls_files_check(const struct option_block *block, const char *cert,
                    const char *key);

#endif
