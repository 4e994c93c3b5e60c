/*
 * player - answers requests from a recording
 *
 * A request is answered by the first exchange of its cloud, method, URL and
 * headers that has not been used; each is used once. Whatever is not there, or
 * cannot be read, is an error of that request: a recording is somebody else's
 * file.
 */
#ifndef PLAYER_H
#define PLAYER_H

#include "base/error.h"
#include "net/tape.h"

#include <stdint.h>

struct player;

/* player_new(folder, err): reads the index and what the exchanges are of; warns
 * of those that cannot be read. NULL: ERROR_CONFIG, memory. */
struct player *player_new(const char *folder, struct error *err);
void player_free(struct player *player); /* NULL is fine */

/* player_cloud(player, name): sets the cloud that makes the next requests.
 * `name` must outlive the player. */
void player_cloud(struct player *player, const char *name);

/* player_tape(player), player_wall_ms(player): for tape_begin(). */
const struct tape *player_tape(const struct player *player);
int64_t player_wall_ms(const struct player *player);

#endif
