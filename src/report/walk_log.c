#include "report/walk_log.h"

#include "meter/meter.h"
#include "report/value_list.h"

#include <stdarg.h>
#include <stdio.h>

/* "cloud "prod": images" and the region if it is named. */
static void name_walk(const struct walk_log *w,
                      const struct walk_summary *summary, char *dst,
                      size_t size) {
  bool named = w->report->origin.named;
  snprintf(dst, size, "cloud \"%s\": %s%s%s", w->report->origin.cloud->name,
           w->report->origin.listing->name, named ? ", region " : "",
           named ? summary->region : "");
}

/* Things worth one line in the daemon's life, for each region. */
enum notice {
  NOTICE_NOBODYS,
  NOTICE_ODD,
  NOTICE_TWINS,
  NOTICE_ROUND,
  NOTICE_UNFOLLOWED,
  NOTICE_CUT,
  NOTICE_OWNERS_NOBODYS, /* the same of the listing of owners */
  NOTICE_OWNERS_ODD,
  NOTICE_OWNERS_TWINS,
  NOTICE_OWNERS_ROUND,
  NOTICE_OWNERS_UNFOLLOWED,
  NOTICE_OWNERS_CUT,
  NOTICE_ABSENT,
  NOTICE_RIGHTS,
  NOTICE_STATE,
  NOTICE_NUMBER,
  NOTICE_FIELD,
  NOTICE_OWN_PROJECT,
  NOTICE_OWN_DOMAIN,
  NOTICE_PROJECTS_CUT,
  NOTICE_FORBIDDEN,
  NOTICE_NAMELESS,
  NOTICE_BLIND,
  NOTICE_DENIED,
  NOTICE_REFUSED,
  NOTICE_CLASH,
  NOTICE_CROWDED,
  NOTICE_PROJECTS_ROUND,
  NOTICE_LONG,
  NOTICES,
};
_Static_assert(NOTICES <= 32, "one bit of walk_log.notices each");

static void log_once(struct walk_log *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void log_once(struct walk_log *w, const struct walk_summary *summary,
                     enum notice notice, const char *format, ...) {
  char walk[300], text[600];
  if ((w->notices & 1u << notice) != 0)
    return;
  w->notices |= 1u << notice;
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  name_walk(w, summary, walk, sizeof(walk));
  log_notice("%s: %s", walk, text);
}

void walk_log_failure(struct walk_log *w, const struct walk_summary *summary,
                      const struct error *err) {
  const char *the, *needs = listing_needs(w->report->origin.listing, &the);
  char walk[300], next[64] = "next try at the next interval";
  name_walk(w, summary, walk, sizeof(walk));
  if (!log_due(&w->trouble, log_kind(err)))
    return;
  if (summary->retry_ms > 0)
    snprintf(next, sizeof(next), "next try in %.0f s",
             (double)summary->retry_ms / 1000.0);
  if (err->code != ERROR_DENIED)
    log_error("%s: %s; %s%s", walk, err->text, next,
              w->trouble.flaps ? "; it comes and goes" : "");
  else /* rights do not change by themselves */
    log_once(w, summary, NOTICE_FORBIDDEN,
             "%s: the user is not allowed to; it needs %s%s; %s", err->text,
             the, needs, next);
}

static void log_notes(struct walk_log *w, const struct walk_summary *s,
                      const struct sample_notes *notes) {
  if (notes->n[NOTE_STATE] > 0)
    log_once(w, s, NOTICE_STATE, "%s: no value for it",
             notes->example[NOTE_STATE]);
  if (notes->n[NOTE_NUMBER] > 0)
    log_once(w, s, NOTICE_NUMBER,
             "%zu values are not numbers: they and their totals are left out, "
             "such as %s",
             notes->n[NOTE_NUMBER], notes->example[NOTE_NUMBER]);
  if (notes->n[NOTE_FIELD] > 0)
    log_once(w, s, NOTICE_FIELD,
             "no record has the field of the total %s: no total",
             notes->example[NOTE_FIELD]);
}

/* What an answer shows of itself, and what a server may hide without a word.
 * What is missing of owners is missing of their records. */
static void log_answers(struct walk_log *w, const struct walk_summary *s,
                        bool owners) {
  const struct pass_result *pass = owners ? &s->owners : &s->pass;
  const struct listing *of = owners ? w->report->origin.listing->owners : NULL;
  const char *name = of != NULL ? of->name : "",
             *colon = of != NULL ? ": " : "";
  if (pass->notes.n[NOTE_PROJECT] > 0)
    log_once(w, s, owners ? NOTICE_OWNERS_NOBODYS : NOTICE_NOBODYS,
             "%s%s%zu records name no project, such as %s: they pass no "
             "filter, and no sum by project has them",
             name, colon, pass->notes.n[NOTE_PROJECT],
             pass->notes.example[NOTE_PROJECT]);
  if (pass->odd > 0)
    log_once(w, s, owners ? NOTICE_OWNERS_ODD : NOTICE_ODD,
             "%s%s%llu records without an id are left out", name, colon,
             (unsigned long long)pass->odd);
  if (pass->twins > 0)
    log_once(w, s, owners ? NOTICE_OWNERS_TWINS : NOTICE_TWINS,
             "%s%s%llu records of an id that came before are left out", name,
             colon, (unsigned long long)pass->twins);
  if (pass->round > 0)
    log_once(w, s, owners ? NOTICE_OWNERS_ROUND : NOTICE_ROUND,
             "%s%sexactly %llu records in one page, without a link to more: a "
             "limit of the service may hide some",
             name, colon, (unsigned long long)pass->round);
  if (pass->unfollowed)
    log_once(w, s, owners ? NOTICE_OWNERS_UNFOLLOWED : NOTICE_UNFOLLOWED,
             "%s%sthe answer has a next link, which is not followed: this is "
             "one page of several; see Paging",
             name, colon);
  if (pass->truncated)
    log_once(w, s, owners ? NOTICE_OWNERS_CUT : NOTICE_CUT,
             "%s%sthe service has cut its list off, at a limit of its own: "
             "there are no totals",
             name, colon);
}

/* What the token may not see. */
static void log_rights(struct walk_log *w, const struct walk_summary *s) {
  const struct listing *listing = w->report->origin.listing;
  bool blind = s->pass.blind || s->owners.blind;
  if (s->few_rights)
    log_once(w, s, NOTICE_RIGHTS,
             "the token lacks the role %s: unless a policy of the service lets "
             "another role see all, it sees %s%s",
             listing->role, listing->without_role, blind ? ": no totals" : "");
  if (s->own_project_only)
    log_once(w, s, NOTICE_OWN_PROJECT,
             "the token may not list projects (identity:list_projects): only "
             "its own is known");
  if (s->own_domain_only)
    log_once(w, s, NOTICE_OWN_DOMAIN,
             "the token is of one domain: only its projects are known");
  if (s->projects_cut && s->up)
    log_once(w, s, NOTICE_PROJECTS_CUT,
             "Keystone's list_limit hides some of the projects");
  if (s->nameless.code != ERROR_NONE)
    log_once(w, s, NOTICE_NAMELESS, "%s: some names are missing or old",
             s->nameless.text);
  if (blind && !s->few_rights)
    log_once(w, s, NOTICE_BLIND, "%s: no totals",
             listing_of_system(listing)
                 ? "an empty list, which proves nothing to a token of a "
                   "project: only one with SystemScope surely sees all"
                 : "the service lists nothing to a token without a project");
  if (s->pass.denied > 0)
    log_once(w, s, NOTICE_DENIED,
             "%zu of %zu %ss denied the token (HTTP 403)%s%s", s->pass.denied,
             s->nasked, listing_asked(listing),
             listing->needs != NULL ? ": it needs " : "",
             listing->needs != NULL ? listing->needs : "");
}

static void log_notices(struct walk_log *w, const struct walk_summary *s) {
  if (s->takes_ms > 0)
    log_once(w, s, NOTICE_LONG,
             "%zu %ss do not fit into an interval: each has a value every "
             "%.15g s, and so have totals; see MaxRequestRate",
             s->nasked, listing_asked(w->report->origin.listing),
             (double)s->takes_ms / 1000.0);
  log_rights(w, s);
  log_notes(w, s, &s->pass.notes);
  log_answers(w, s, true);
  log_answers(w, s, false);
  if (s->projects_round > 0)
    log_once(w, s, NOTICE_PROJECTS_ROUND,
             "Keystone lists exactly %llu, without a link to more: a limit of "
             "its own may hide some",
             (unsigned long long)s->projects_round);
  if (s->pass.refused > 0)
    log_once(w, s, NOTICE_REFUSED,
             "%zu values are beyond MaxSeries and left out", s->pass.refused);
  if (w->report->clashes > 0)
    log_once(w, s, NOTICE_CLASH,
             "%zu names belong to several resources, such as %s: ids "
             "are appended",
             w->report->clashes, w->report->clash);
  if (w->report->crowded)
    log_once(w, s, NOTICE_CROWDED,
             "more names than can be compared: ids are appended to the rest");
}

void walk_log_absent(struct walk_log *w, const struct walk_summary *s,
                     const struct error *err) {
  const char *needs = w->report->origin.listing->needs;
  double next = (double)s->retry_ms / 1000.0;
  if (needs == NULL)
    log_once(w, s, NOTICE_ABSENT,
             "%s: the service has no such listing; next try in %.0f s",
             err->text, next);
  else
    log_once(w, s, NOTICE_ABSENT,
             "%s: the service has no such listing, or it needs %s; next try in "
             "%.0f s",
             err->text, needs, next);
}

void walk_log_moved(struct walk_log *w, const struct walk_summary *summary) {
  char walk[300];
  name_walk(w, summary, walk, sizeof(walk));
  if (log_due(&w->moved, 1))
    log_notice("%s: broken off: another daemon may walk it now", walk);
}

void walk_log_success(struct walk_log *w, const struct walk_summary *summary) {
  char walk[300];
  log_notices(w, summary);
  w->notices &= ~(1u << NOTICE_ABSENT);
  (void)log_over(&w->moved);
  if (summary->goes_on || !log_over(&w->trouble))
    return;
  w->notices &= ~(1u << NOTICE_FORBIDDEN);
  name_walk(w, summary, walk, sizeof(walk));
  if (w->report->origin.listing->record == NULL)
    log_notice("%s: works again", walk);
  else
    log_notice("%s: works again: %llu records", walk,
               (unsigned long long)summary->pass.records);
}
