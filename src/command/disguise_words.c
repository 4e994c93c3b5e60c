/* Which words a disguise keeps. */
#include "command/disguise.h"

#include "meter/meter.h"

#include <string.h>

static const char blanks[] = " ";
static const char parts[] = "/?&{}";
static const char of_fields[] = ".[]*(){}+/,\" ";
static const char quoted[] =
    "\""; /* between them a name may hold any of those */

/* What the APIs say themselves: no user's name, or one that says nothing. */
static const char words[] =
    "public internal admin next self prev first last current supported "
    "deprecated experimental true false none null default reader member "
    "manager load-balancer_admin load-balancer_global_observer "
    "v1 v2 v3 v2.0 v2.1 auth tokens projects domains users limits identity "
    "keystone auth_ key_ auth req- req removed utf-8 json application/json "
    "application_credential password token all at "
    "block-storage volumev3 block-store shared-file-system sharev2 alarming "
    "load_balancer bare-metal bare_metal container-infrastructure "
    "container-infra ha volume share http https infinite unknown nan "
    "infinity unlimited";

/* The members of an image that are not properties of its owner's. */
static const char image_keys[] =
    "images first next schema id name owner status visibility size "
    "virtual_size disk_format container_format min_disk min_ram protected "
    "checksum os_hash_algo os_hash_value os_hidden tags file self locations "
    "direct_url url metadata validation_data stores created_at updated_at "
    "deleted deleted_at is_public properties code title message error";

void disguise_keep_words(struct disguise *d) {
  disguise_keep(d, words, blanks);
  disguise_keep_keys(d, image_keys, blanks);
}

static void keep_list(struct disguise *d, const char *const *texts) {
  for (; texts != NULL && *texts != NULL; texts++)
    disguise_keep(d, *texts, "\n");
}

/* The configuration keeps the headers of requests. */
static void keep_headers(struct disguise *d, const char *const *headers) {
  for (; headers != NULL && *headers != NULL; headers++) {
    const char *value = strchr(*headers, ':');
    if (value != NULL)
      disguise_keep(d, value + strspn(value, ": \t"), "\n");
    disguise_keep_keys(d, *headers, ":");
  }
}

static void keep_listing(struct disguise *d, const struct listing *listing) {
  disguise_keep(d, listing->service, "\n");
  disguise_keep(d, listing->path, parts);
  disguise_keep_keys(d, listing->record, of_fields);
  keep_headers(d, listing->headers);
  disguise_keep(d, listing->role, " ");
  disguise_keep_keys(d, listing->id, of_fields);
  disguise_keep_keys(d, listing->name_field, of_fields);
  disguise_keep_keys(d, listing->project, of_fields);
  disguise_keep_keys(d, listing->user, of_fields);
  disguise_keep_keys(d, listing->owner, of_fields);
  disguise_keep_keys(d, listing->paging.next, of_fields);
  disguise_keep_keys(d, listing->paging.total, of_fields);
  disguise_keep_keys(d, listing->paging.total_header, blanks);
  if (listing->owners != NULL)
    keep_listing(d, listing->owners);
}

static void keep_meter(struct disguise *d, const struct meter *meter) {
  for (const struct state *s = meter->states; s != NULL && s->text != NULL; s++)
    disguise_keep(d, s->text, "\n");
  keep_list(d, meter->when.texts);
  keep_list(d, meter->groups);
  disguise_keep_keys(d, meter->when.field, of_fields);
  disguise_keep_keys(d, meter->group, of_fields);
  disguise_keep_keys(d, meter->value, of_fields);
  disguise_keep_keys(d, meter->value, quoted);
  keep_listing(d, meter->from);
}

void disguise_keep_meters(struct disguise *d,
                          const struct cloud_config *config) {
  for (size_t i = 0; i < config->nmeters; i++)
    keep_meter(d, &config->meters[i].meter);
  for (size_t i = 0; i < config->session.service_types.n; i++)
    disguise_keep(d, config->session.service_types.items[i], "=");
  disguise_keep(d, config->access.s3_service, "\n");
  disguise_keep(d, config->access.account_prefix, "\n");
  disguise_keep(d, config->access.account_prefix, "_");
}
