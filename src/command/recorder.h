/*
 * recorder - writes a recording: a folder with what was asked and answered
 *
 * No secret is written, and with a disguise no name. Only the owner may read
 * the files (recording.h).
 */
#ifndef RECORDER_H
#define RECORDER_H

#include "base/error.h"
#include "command/scrub.h"
#include "net/tape.h"

#include <stdint.h>
#include <stdio.h>

struct recorder;

/* recorder_new(folder, scrub, wall_ms, err): makes the folder, or takes one
 * that is empty. `scrub` must outlive it, and learns what the requests hold.
 * NULL: ERROR_CONFIG, memory. */
struct recorder *recorder_new(const char *folder, struct scrub *scrub,
                              int64_t wall_ms, struct error *err);
void recorder_free(struct recorder *recorder); /* NULL is fine */

/* recorder_cloud(recorder, name): sets the cloud that makes the next requests.
 * `name` must outlive the recorder. */
void recorder_cloud(struct recorder *recorder, const char *name);

/* recorder_tape(recorder): for tape_begin(). */
const struct tape *recorder_tape(const struct recorder *recorder);

/* recorder_file(recorder, name, err): a new file of the folder, for the caller
 * to write and close. NULL: ERROR_CONFIG. */
FILE *recorder_file(struct recorder *recorder, const char *name,
                    struct error *err);

/* recorder_finish(recorder, err): writes the index. Returns the number of
 * exchanges; -1: something could not be written, now or before. */
long recorder_finish(struct recorder *recorder, struct error *err);

#endif
