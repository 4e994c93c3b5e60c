#include "passing.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_METERS = METER_FIELDS };

void passing_open(struct passing *p) {
  *p = (struct passing){.quiet = false};
  site_open(&p->site);
  p->samples = strdup("");
  site_login(&p->site, &(struct site_login){.token = "token-1", .times = 1});
  site_login(&p->site, &(struct site_login){.token = "token-2", .times = 1});
  p->plan.account_prefix = "AUTH_";
  p->plan.deadline_ms = site_deadline(20000);
}

void passing_close(struct passing *p) {
  binding_free(p->binding);
  free(p->samples);
  site_close(&p->site);
}

static void on_sample(void *arg, const struct sample *sample) {
  struct passing *p = arg;
  p->nsamples++;
  if (p->quiet)
    return;
  char *more =
      text_printf("%s%s %s %.15g%s%s\n", p->samples, sample->meter->name,
                  sample->id, sample->value, sample->project != NULL ? "@" : "",
                  sample->project != NULL ? sample->project : "");
  free(p->samples);
  p->samples = more;
}

int passing_run(struct passing *p, const struct meter *meters) {
  const struct meter *rows[MOST_METERS];
  size_t n = 0;
  for (; meters[n].name != NULL && n < MOST_METERS; n++)
    rows[n] = &meters[n];
  p->error = (struct error){.code = ERROR_NONE};
  p->samples[0] = '\0';
  p->nsamples = 0;
  binding_free(p->binding);
  p->binding = binding_new(meters[0].from, rows, n, false, &p->error);
  if (p->binding == NULL) {
    fprintf(stderr, "passing: %s\n", p->error.text);
    abort();
  }
  struct pass_plan plan = p->plan;
  plan.listing = meters[0].from;
  plan.binding = p->binding;
  plan.session = p->site.session;
  plan.http = p->site.http;
  if (plan.width == 0)
    plan.width = p->site.options.width;
  plan.access = &p->access;
  if (plan.url == NULL)
    plan.url = httpd_url(p->site.httpd);
  plan.sink = on_sample;
  plan.sink_arg = p;
  return pass_run(&plan, &p->result, &p->error);
}

void passing_answer(struct passing *p, const char *target, const char *body) {
  httpd_add(p->site.httpd, &(struct httpd_answer){.method = "GET",
                                                  .target = target,
                                                  .need = "X-Auth-Token: token",
                                                  .body = body,
                                                  .end = HTTPD_CLOSE});
}

size_t passing_asked(struct passing *p, const char *target) {
  return httpd_count(p->site.httpd, "GET", target);
}
