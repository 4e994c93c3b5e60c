/*
 * changes - which daemons came and went between two looks
 *
 * A daemon that has lost its lease has a new one in the next look. It neither
 * came nor went.
 */
#ifndef CHANGES_H
#define CHANGES_H

#include "share/claim_text.h"

typedef void changes_visitor(void *arg, bool came, const char *host);

/* changes_tell(before, now, self, tell, arg): calls `tell` for each, but for
 * the daemon whose lease is `self`. */
void changes_tell(const struct claim_keys *before, const struct claim_keys *now,
                  int64_t self, changes_visitor *tell, void *arg);

#endif
