#include "report/share_report.h"

#include "base/clock.h"
#include "report/host.h"
#include "settings/cloud.h"
#include "share/member.h"

#include <stdlib.h>
#include <string.h>

static void on_event(void *arg, enum member_event event, const char *host,
                     const struct error *err) {
  struct share_report *r = arg;
  const char *cloud = r->cloud->name;
  switch (event) {
  case MEMBER_JOINED:
    if (host == NULL)
      log_info("cloud \"%s\": joined those that share it", cloud);
    else
      log_notice("cloud \"%s\": %s has joined", cloud, host);
    break;
  case MEMBER_GONE:
    log_notice("cloud \"%s\": %s has left, or is lost", cloud, host);
    break;
  case MEMBER_LOST:
    log_warning("cloud \"%s\": etcd has ended this daemon's lease; it joins "
                "again",
                cloud);
    break;
  case MEMBER_TROUBLE:
    if (log_due(&r->trouble, log_kind(err)))
      log_error("cloud \"%s\": etcd: %s%s", cloud, err->text,
                r->trouble.flaps ? "; it comes and goes" : "");
    break;
  case MEMBER_WELL:
    if (log_over(&r->trouble))
      log_notice("cloud \"%s\": etcd works again", cloud);
    break;
  case MEMBER_OTHER_CLOUD:
    log_error("cloud \"%s\": %s shares another cloud under this name, by the "
              "ids of their Keystones: this daemon walks nothing while it is "
              "there; give one of the clouds another name or Prefix",
              cloud, host);
    break;
  case MEMBER_OTHER_UNIT:
    log_warning("cloud \"%s\": %s shares it by another Unit: this daemon "
                "walks nothing while it is there; give all the same Unit",
                cloud, host);
    break;
  case MEMBER_ACCORD:
    log_notice("cloud \"%s\": nobody keeps this daemon from sharing it any "
               "more",
               cloud);
    break;
  case MEMBER_CROWDED:
    log_warning(
        "cloud \"%s\": over %d names of a listing stand for several "
        "things: whoever walks it next is not told of all, and may call "
        "some of them otherwise",
        cloud, MEMBER_CLASHES);
    break;
  case MEMBER_ADVICE:
    log_warning("cloud \"%s\": etcd: %s", cloud, host);
    break;
  }
}

static void send_number(const struct share_report *r, const char *type,
                        const char *type_instance, double number) {
  host_send(&(struct host_value){.host = r->host,
                                 .instance = r->cloud->name,
                                 .type = type,
                                 .type_instance = type_instance,
                                 .number = number,
                                 .of_walk = true,
                                 .time = clock_wall(),
                                 .interval_ms = r->interval_ms});
}

static void on_state(void *arg, const struct member_state *state) {
  const struct share_report *r = arg;
  send_number(r, "count", "members", (double)state->members);
  send_number(r, "count", "owned", (double)state->owned);
  send_number(r, "bool", "etcd", state->etcd ? 1 : 0);
}

int share_report_init(struct share_report *r, const struct cloud_config *cloud,
                      const char *host, struct member *member,
                      struct error *err) {
  *r = (struct share_report){
      .cloud = cloud, .interval_ms = cloud->interval_ms, .host = strdup(host)};
  if (r->host == NULL)
    return error_memory(err);
  member_watch(member, &(struct member_watcher){.event = on_event,
                                                .state = on_state,
                                                .state_ms = r->interval_ms,
                                                .arg = r});
  return 0;
}

void share_report_clear(struct share_report *r) {
  free(r->host);
  *r = (struct share_report){0};
}
