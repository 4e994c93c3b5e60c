/*
 * passing - a pass over a scripted listing, its samples as text
 */
#ifndef STUB_PASSING_H
#define STUB_PASSING_H

#include "site.h"

#include "settings/access.h"
#include "walk/pass.h"

#include <stdbool.h>
#include <stddef.h>

struct passing {
  struct site site;
  struct pass_access access;
  struct pass_plan plan; /* of the next pass; what run fills in is NULL */
  struct binding *binding;
  /* of the last pass */
  char *samples; /* "METER ID VALUE", with "@PROJECT" if it has one; a line
                    each, in their order */
  size_t nsamples;
  bool quiet; /* count samples, keep no text */
  struct pass_result result;
  struct error error;
};

/* passing_open(passing): a site with a session that has logged in (token-1,
 * then token-2). */
void passing_open(struct passing *passing);
void passing_close(struct passing *passing);

/* passing_run(passing, meters): a pass for these meters of one listing, up to
 * a row without name. */
int passing_run(struct passing *passing, const struct meter *meters);

/* passing_answer(passing, target, body): what a GET of `target` with a token
 * brings, in uwsgi's way. */
void passing_answer(struct passing *passing, const char *target,
                    const char *body);

/* passing_asked(passing, target): how many GETs there were. */
size_t passing_asked(struct passing *passing, const char *target);

#endif
