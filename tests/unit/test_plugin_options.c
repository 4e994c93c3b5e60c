/*
 * plugin_options: <Plugin openstack> to clouds, and one line for whatever is
 * wrong.
 */
#include "stub/configuration.h"

#include "base/text.h"
#include "config/plugin_options.h"
#include "meters/meters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define URL "AuthURL \"https://k.example:5000/v3\"\n"
#define USER "Username \"collectd\"\nPassword \"hush-hush\"\n"
#define PROJECT "ProjectName \"service\"\n"
#define BASE URL USER PROJECT
#define CREDENTIAL                                                             \
  URL "ApplicationCredentialID \"cid\"\n"                                      \
      "ApplicationCredentialSecret \"hush-hush\"\n"

/* Files of the current folder, which is the program's own. */
static const struct {
  const char *name, *text;
} files[] = {
    {"ca.pem", "an authority\n-----BEGIN CERTIFICATE-----\nAA==\n"},
    {"trusted.pem", "-----BEGIN TRUSTED CERTIFICATE-----\nAA==\n"},
    {"key.pem", "-----BEGIN RSA PRIVATE KEY-----\nAA==\n"},
    {"both.pem", "-----BEGIN CERTIFICATE-----\nAA==\n"
                 "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n"},
    {"request.pem", "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n"},
    {"talk.pem", "Behind -----BEGIN CERTIFICATE----- comes a\n"},
};
enum { FILES = sizeof(files) / sizeof(files[0]) };

static char folder[] = "/tmp/test_conf.XXXXXX";

/* Texts name the folder "@". */
static char *fill_in(const char *text) {
  char *filled = strdup(text), *at;
  while ((at = strstr(filled, "@/")) != NULL) {
    char *more =
        text_printf("%.*s%s%s", (int)(at - filled), filled, folder, at + 1);
    free(filled);
    filled = more;
  }
  return filled;
}

static const char *path_of(const char *name) {
  static char path[100];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return path;
}

static int make_files(void **state) {
  (void)state;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(chdir(folder), 0);
  for (size_t i = 0; i < FILES; i++) {
    FILE *file = fopen(files[i].name, "w");
    fputs(files[i].text, file);
    fclose(file);
  }
  return 0;
}

static int remove_files(void **state) {
  (void)state;
  for (size_t i = 0; i < FILES; i++)
    unlink(files[i].name);
  return rmdir(folder);
}

struct fixture {
  struct plugin_options options;
  char yaml[40]; /* a clouds.yaml that has another cloud */
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  f->options = (struct plugin_options)PLUGIN_OPTIONS_INIT;
  snprintf(f->yaml, sizeof(f->yaml), "/tmp/test_conf.XXXXXX");
  FILE *file = fdopen(mkstemp(f->yaml), "w");
  fputs("clouds: {other: {}}\n", file);
  fclose(file);
  setenv("OS_CLIENT_CONFIG_FILE", f->yaml, 1);
  heard_forget();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  plugin_options_clear(&f->options);
  assert_int_equal(f->options.nclouds, 0);
  unlink(f->yaml);
  free(f);
  return 0;
}

/* Reads a file's <Plugin> blocks. */
static int read_file(struct fixture *f, const char *text) {
  char *filled = fill_in(text);
  struct config_item *root = config_text(filled);
  free(filled);
  int status =
      plugin_options_read(&f->options, root->children, root->nchildren, &heard);
  config_text_free(root);
  return status;
}

/* Reads <Cloud "prod"> with these lines. */
static int read_cloud(struct fixture *f, const char *lines) {
  char *text = text_printf("<Plugin openstack>\n<Cloud \"prod\">\n%s</Cloud>\n"
                           "</Plugin>\n",
                           lines);
  int status = read_file(f, text);
  free(text);
  return status;
}

static const struct cloud_config *cloud_of(struct fixture *f,
                                           const char *lines) {
  if (read_cloud(f, lines) != 0)
    fail_msg("%s", heard_line(0, NULL));
  return f->options.clouds[f->options.nclouds - 1];
}

/* The chosen meters, with blanks between. */
static const char *meters_of(const struct cloud_config *cloud) {
  static char all[4000];
  all[0] = '\0';
  for (size_t i = 0; i < cloud->nmeters; i++)
    snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
             i > 0 ? " " : "", cloud->meters[i].meter.name);
  return all;
}

/* ---- right -------------------------------------------------------------- */

static void the_smallest_block_has_these_defaults(void **state) {
  struct fixture *f = *state;
  const struct cloud_config *c = cloud_of(f, BASE);
  const struct session_config *s = &c->session;
  assert_int_equal(f->options.workers, 4);
  assert_string_equal(c->name, "prod");
  assert_null(c->host);
  assert_string_equal(s->auth_url, "https://k.example:5000/v3");
  assert_string_equal(s->username, "collectd");
  assert_string_equal(s->user_domain_name, "Default");
  assert_string_equal(s->password, "hush-hush");
  assert_string_equal(s->project_name, "service");
  assert_string_equal(s->project_domain_name, "Default");
  assert_string_equal(s->interface, "public");
  assert_int_equal(s->regions.n, 0);
  assert_false(s->system_scope);
  assert_int_equal(c->interval_ms, 300000);
  assert_int_equal(c->http.timeout_ms, 30000);
  assert_int_equal(c->http.width, 4);
  assert_true(c->request_rate == 50);
  assert_true(c->http.verify_peer && c->http.verify_host);
  assert_null(c->http.ca_cert);
  assert_int_equal(c->style.metadata, METADATA_IDS);
  assert_false(c->ignore_disabled_projects);
  assert_int_equal(c->projects.n, 0);
  assert_int_equal(c->domains.n, 0);
  assert_null(c->access.account_prefix);
  assert_int_equal(heard_lines(), 0);
}

static void every_key_reaches_its_member(void **state) {
  struct fixture *f = *state;
  const struct cloud_config *c = cloud_of(
      f, "AuthURL \"http://k/\"\nUserID \"uid\"\nPassword \"pw\"\n"
         "ProjectID \"pid\"\nRegion \"One\"\nRegion \"Two\"\n"
         "Interface \"internal\"\nInterval 60\nTimeout 1500\nHost \"h\"\n"
         "Metadata \"all\"\nMaxConnections 9\nMaxRequestRate 0\n"
         "VerifyPeer true\nVerifyHost true\nCACert \"@/trusted.pem\"\n"
         "ClientCert \"@/ca.pem\"\nClientKey \"@/key.pem\"\n"
         "IgnoreDisabledProjects true\nResellerPrefix \"KEY_\"\n"
         "Project \"demo\"\nProject \"!b62*\"\nDomain \"Default\"\n"
         "RadosGWServiceType \"rgw\"\nRadosGWAccessKey \"ak\"\n"
         "RadosGWSecretKey \"sk\"\nRadosGWImplicitTenants true\n"
         "Endpoint \"image\" \"http://g\"\nServiceType \"dns\" \"dnsv2\"\n");
  const struct session_config *s = &c->session;
  assert_string_equal(s->user_id, "uid");
  assert_null(s->user_domain_name);
  assert_string_equal(s->project_id, "pid");
  assert_null(s->project_domain_name);
  assert_int_equal(s->regions.n, 2);
  assert_string_equal(s->regions.items[1], "Two");
  assert_string_equal(s->interface, "internal");
  assert_int_equal(c->interval_ms, 60000);
  assert_int_equal(c->http.timeout_ms, 1500);
  assert_string_equal(c->host, "h");
  assert_int_equal(c->style.metadata, METADATA_ALL);
  assert_int_equal(c->http.width, 9);
  assert_true(c->request_rate == 0);
  assert_string_equal(c->http.ca_cert, path_of("trusted.pem"));
  assert_string_equal(c->http.client_cert, path_of("ca.pem"));
  assert_string_equal(c->http.client_key, path_of("key.pem"));
  assert_true(c->ignore_disabled_projects);
  assert_int_equal(c->projects.n, 2);
  assert_string_equal(c->projects.items[0], "demo");
  assert_string_equal(c->projects.items[1], "!b62*");
  assert_int_equal(c->domains.n, 1);
  assert_string_equal(c->domains.items[0], "Default");
  assert_string_equal(c->access.account_prefix, "KEY_");
  assert_string_equal(c->access.s3_service, "rgw");
  assert_string_equal(c->access.s3_access_key, "ak");
  assert_string_equal(c->access.s3_secret_key, "sk");
  assert_true(c->access.implicit_tenants);
  assert_string_equal(s->endpoints.items[0], "image=http://g");
  assert_string_equal(s->service_types.items[0], "dns=dnsv2");
}

static void all_ways_to_log_in_are_taken(void **state) {
  static const char *const ways[] = {
      BASE,
      URL USER "ProjectName \"p\"\nProjectDomainID \"d\"\n"
               "UserDomainID \"ud\"\n",
      URL USER "SystemScope true\n",
      URL USER "DomainName \"D\"\n",
      URL USER "TrustID \"t\"\n",
      URL "UserID \"u\"\nPasswordFile \"@/key.pem\"\nProjectID \"p\"\n",
      CREDENTIAL,
      URL "ApplicationCredentialName \"n\"\nUsername \"u\"\n"
          "ApplicationCredentialSecretFile \"@/key.pem\"\n",
      URL "ApplicationCredentialName \"n\"\nUserID \"u\"\n"
          "ApplicationCredentialSecret \"s\"\n",
      URL "Token \"t\"\n",
      URL "Token \"t\"\nProjectID \"p\"\n",
      /* What is switched off forbids nothing. */
      BASE "SystemScope false\n",
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
    if (read_cloud(f, ways[i]) != 0)
      fail_msg("row %zu: %s", i, heard_line(heard_lines() - 1, NULL));
    plugin_options_clear(&f->options);
  }
}

static void several_clouds_and_blocks_add_up(void **state) {
  struct fixture *f = *state;
  assert_int_equal(
      read_file(f, "<Plugin openstack>\nWorkers 2\n"
                   "<Cloud \"one\">\n" BASE "Interval 60\n</Cloud>\n"
                   "<Cloud \"two\">\n" BASE "</Cloud>\n</Plugin>\n"
                   "<Plugin \"openstack\">\nWorkers 7\n"
                   "<Cloud \"three\">\n" CREDENTIAL "</Cloud>\n</Plugin>\n"),
      0);
  assert_int_equal(f->options.nclouds, 3);
  assert_int_equal(f->options.workers, 7);
  assert_string_equal(f->options.clouds[2]->name, "three");
  assert_int_equal(f->options.clouds[0]->interval_ms, 60000);
  assert_int_equal(f->options.clouds[1]->interval_ms, 300000);
  assert_int_equal(heard_lines(), 0);
}

/* Files of collectd.conf.d come in the order of their names. */
static void the_order_of_blocks_does_not_matter(void **state) {
  static const char *const blocks[] = {
      "<Plugin openstack>\n<Cloud \"a\">\n" BASE
      "Meter \"own*\"\n<Meter \"own\">\nInterval 7\n</Meter>\n</Cloud>\n"
      "</Plugin>\n",
      "<Plugin openstack>\n<Meter \"own\">\nListing \"l\"\n</Meter>\n"
      "</Plugin>\n",
      "<Plugin openstack>\n<Listing \"l\">\nService \"image\"\nPath \"/x\"\n"
      "Record \"x[]\"\nID \"id\"\nPaging \"none\"\nOwners \"o\"\n"
      "Owner \"p\"\n</Listing>\n</Plugin>\n",
      "<Plugin openstack>\n<Listing \"o\">\nService \"image\"\nPath \"/y\"\n"
      "Record \"y[]\"\nID \"id\"\nPaging \"none\"\nProject \"p\"\n</Listing>\n"
      "</Plugin>\n",
  };
  static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
    const int *o = orders[i];
    char *text = text_printf("%s%s%s%s", blocks[o[0]], blocks[o[1]],
                             blocks[o[2]], blocks[o[3]]);
    if (read_file(f, text) != 0)
      fail_msg("%s", heard_line(0, NULL));
    assert_int_equal(f->options.clouds[0]->nmeters, 1);
    assert_string_equal(f->options.clouds[0]->meters[0].meter.name, "own");
    assert_int_equal(f->options.clouds[0]->meters[0].interval_ms, 7000);
    plugin_options_clear(&f->options);
    free(text);
  }
}

static void an_empty_block_is_no_mistake(void **state) {
  struct fixture *f = *state;
  assert_int_equal(read_file(f, "<Plugin openstack>\n</Plugin>\n"), 0);
  assert_int_equal(f->options.nclouds, 0);
}

static void the_cloud_s_interval_beats_the_plugin_s(void **state) {
  struct fixture *f = *state;
  f->options.interval_ms = 45000; /* LoadPlugin's */
  assert_int_equal(read_file(f, "<Plugin openstack>\n<Cloud \"a\">\n" BASE
                                "</Cloud>\n<Cloud \"b\">\n" BASE
                                "Interval 0.5\n</Cloud>\n</Plugin>\n"),
                   0);
  const struct cloud_config *a = f->options.clouds[0],
                            *b = f->options.clouds[1];
  assert_int_equal(a->interval_ms, 45000);
  assert_int_equal(b->interval_ms, 500);
  for (size_t i = 0; i < a->nmeters; i++) {
    if (a->meters[i].meter.from->interval_ms > 0)
      continue; /* is no shorter than that: test_meter_selection.c */
    assert_int_equal(a->meters[i].interval_ms, 45000);
    assert_int_equal(b->meters[i].interval_ms, 500);
  }
}

static void a_secret_key_may_be_in_a_file(void **state) {
  struct fixture *f = *state;
  const struct cloud_config *c = cloud_of(
      f, BASE "RadosGWAccessKey \"a\"\nRadosGWSecretKeyFile \"@/key.pem\"\n");
  assert_string_equal(c->access.s3_secret_key_file, path_of("key.pem"));
  assert_null(c->access.s3_secret_key);
  size_t n = 0;
  for (size_t i = 0; i < c->nmeters; i++)
    n += c->meters[i].meter.from->auth == AUTH_S3;
  assert_true(n > 0);
}

static void a_client_s_key_may_stand_in_its_certificate_s_file(void **state) {
  struct fixture *f = *state;
  const struct cloud_config *c =
      cloud_of(f, BASE "ClientCert \"@/both.pem\"\n");
  assert_string_equal(c->http.client_cert, path_of("both.pem"));
  assert_null(c->http.client_key);
}

static void unverified_tls_is_a_warning(void **state) {
  static const char *const rows[] = {"VerifyPeer false\n",
                                     "VerifyHost false\n"};
  struct fixture *f = *state;
  for (size_t i = 0; i < 2; i++) {
    enum complaint_kind level = 0;
    char *lines = text_printf(BASE "%s", rows[i]);
    cloud_of(f, lines);
    assert_int_equal(heard_lines(), 1);
    assert_string_equal(heard_line(0, &level),
                        "config: <Cloud \"prod\">: TLS is not verified: "
                        "whoever is on the way can read the password");
    assert_int_equal(level, COMPLAINT_WARNING);
    plugin_options_clear(&f->options);
    heard_forget();
    free(lines);
  }
}

/* ---- meters ------------------------------------------------------------- */

/* The cloud's meters are the rows of up to this choice, in their order. */
static void has_meters_up_to(const struct cloud_config *c,
                             enum meter_choice choice) {
  size_t n = 0;
  for (size_t i = 0; i < meters_count(); i++) {
    if (meters_get(i)->choice > choice)
      continue;
    assert_true(n < c->nmeters);
    assert_string_equal(c->meters[n++].meter.name, meters_get(i)->name);
  }
  assert_int_equal(n, c->nmeters);
}

#define RGW "RadosGWAccessKey \"a\"\nRadosGWSecretKey \"b\"\n"

static void without_patterns_the_usual_meters_are_chosen(void **state) {
  struct fixture *f = *state;
  has_meters_up_to(cloud_of(f, BASE RGW), CHOICE_ALWAYS);
}

static void a_star_chooses_all_that_a_pattern_may(void **state) {
  struct fixture *f = *state;
  has_meters_up_to(cloud_of(f, BASE RGW "Meter \"*\"\n"), CHOICE_PATTERN);
}

static void patterns_choose_meters(void **state) {
  static const char *const rows[][2] = {
      {"Meter \"image\"\n", "image"},
      {"Meter \"image.size\"\nMeter \"image\"\n", "image image.size"},
      {"Meter \"image*\"\nMeter \"!*.by_*\"\nMeter \"!image.api.*\"\n",
       "image image.size image.total image.size.total"},
      {"Meter \"image\"\nMeter \"image\"\n", "image"},
      {"Meter \"image*\"\nMeter \"!image\"\nMeter \"!image.*.*\"\n"
       "Meter \"!*.by_status\"\n",
       "image.size image.total image.by_project image.by_visibility "
       "image.by_format"},
      {"Meter \"*\"\nMeter \"!*\"\nMeter \"image.size\"\n", "image.size"},
      {"Meter \"!*\"\nMeter \"image\"\n", "image"},
      /* The last that fits decides. */
      {"Meter \"!image.*\"\nMeter \"image*\"\nMeter \"!*.*\"\n", "image"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *lines = text_printf(BASE "%s", rows[i][0]);
    assert_string_equal(meters_of(cloud_of(f, lines)), rows[i][1]);
    plugin_options_clear(&f->options);
    free(lines);
  }
}

static void without_means_all_but(void **state) {
  struct fixture *f = *state;
  size_t all = cloud_of(f, BASE)->nmeters;
  plugin_options_clear(&f->options);
  const struct cloud_config *c = cloud_of(f, BASE "Meter \"!image\"\n");
  assert_int_equal(c->nmeters, all - 1);
  for (size_t i = 0; i < c->nmeters; i++)
    assert_string_not_equal(c->meters[i].meter.name, "image");
}

/* Meters that need keys are left out where there are none. */
static void radosgw_meters_need_keys(void **state) {
  struct fixture *f = *state;
  const struct cloud_config *c = cloud_of(f, BASE);
  for (size_t i = 0; i < c->nmeters; i++)
    assert_null(strstr(c->meters[i].meter.name, "radosgw"));
  plugin_options_clear(&f->options);
  assert_int_equal(read_cloud(f, BASE "Meter \"radosgw.objects\"\n"), -1);
  assert_string_equal(heard_line(0, NULL),
                      "config: <Cloud \"prod\">: radosgw meters need "
                      "RadosGWAccessKey and RadosGWSecretKey");
  plugin_options_clear(&f->options);
  /* To leave one out, none are needed. */
  cloud_of(f, BASE "Meter \"!radosgw.objects\"\n");
}

/* ---- wrong -------------------------------------------------------------- */

#define PAIR(a, b) a " and " b " contradict each other"

static const struct {
  const char *lines, *line; /* behind "config: <Cloud "prod">: " */
} wrong[] = {
    /* missing */
    {URL PROJECT, "Username or UserID is missing (or ApplicationCredentialID, "
                  "or Token)"},
    {URL PROJECT "Username \"u\"\n", "Password or PasswordFile is missing"},
    {URL USER, "ProjectName or ProjectID is missing"},
    {URL USER "SystemScope false\n", "ProjectName or ProjectID is missing"},
    {URL "Password \"hush-hush\"\n" PROJECT,
     "Username or UserID is missing (or ApplicationCredentialID, or Token)"},
    {URL "ApplicationCredentialID \"c\"\n",
     "ApplicationCredentialSecret or ApplicationCredentialSecretFile is "
     "missing"},
    {URL "ApplicationCredentialSecret \"hush-hush\"\n",
     "ApplicationCredentialID or ApplicationCredentialName is missing"},
    {URL "ApplicationCredentialName \"c\"\n"
         "ApplicationCredentialSecret \"hush-hush\"\n",
     "ApplicationCredentialName needs Username or UserID"},
    {BASE "ClientKey \"@/key.pem\"\n", "ClientKey needs ClientCert"},
    {BASE "RadosGWAccessKey \"a\"\n",
     "RadosGWAccessKey needs RadosGWSecretKey or RadosGWSecretKeyFile"},
    {BASE "RadosGWSecretKey \"hush-hush\"\n", "RadosGWAccessKey is missing"},
    {BASE "RadosGWSecretKeyFile \"@/key.pem\"\n",
     "RadosGWAccessKey is missing"},
    {BASE "RadosGWSecretKeyFile \"/no/such\"\n",
     "RadosGWSecretKeyFile \"/no/such\": cannot be read: No such file or "
     "directory"},
    /* files that cannot serve */
    {BASE "CACert \"/dev/null\"\n", "CACert \"/dev/null\": is no regular file"},
#define RELATIVE(option)                                                       \
  {                                                                            \
    URL option " \"ca.pem\"\n",                                                \
        option " \"ca.pem\": must be an absolute path: "                       \
               "the daemon changes its folder"                                 \
  }
    RELATIVE("PasswordFile"),
    RELATIVE("ApplicationCredentialSecretFile"),
    RELATIVE("RadosGWSecretKeyFile"),
    RELATIVE("ConfigFile"),
    RELATIVE("CACert"),
    RELATIVE("ClientCert"),
    RELATIVE("ClientKey"),
    {BASE "CACert \"@/talk.pem\"\n",
     "CACert \"@/talk.pem\": holds no certificate in PEM format"},
    {BASE "CACert \"@/key.pem\"\n",
     "CACert \"@/key.pem\": holds no certificate in PEM format"},
    {BASE "CACert \"@/request.pem\"\n",
     "CACert \"@/request.pem\": holds no certificate in PEM format"},
    {BASE "CACert \"@/talk.pem\"\n",
     "CACert \"@/talk.pem\": holds no certificate in PEM format"},
    {BASE "ClientCert \"@/key.pem\"\nClientKey \"@/key.pem\"\n",
     "ClientCert \"@/key.pem\": holds no certificate in PEM format"},
    {BASE "ClientCert \"@/ca.pem\"\nClientKey \"@/ca.pem\"\n",
     "ClientKey \"@/ca.pem\": holds no private key in PEM format"},
    {BASE "ClientCert \"@/ca.pem\"\n",
     "ClientCert \"@/ca.pem\": holds no private key: ClientKey is missing"},
    /* contradictory */
    {BASE "UserID \"u\"\n", PAIR("Username", "UserID")},
    {URL "UserID \"u\"\nUserDomainName \"D\"\n",
     PAIR("UserID", "UserDomainName")},
    {BASE "UserDomainName \"D\"\nUserDomainID \"d\"\n",
     PAIR("UserDomainName", "UserDomainID")},
    {BASE "PasswordFile \"@/key.pem\"\n", PAIR("Password", "PasswordFile")},
    {BASE "ProjectID \"p\"\n", PAIR("ProjectName", "ProjectID")},
    {URL USER "ProjectID \"p\"\nProjectDomainName \"D\"\n",
     PAIR("ProjectID", "ProjectDomainName")},
    {BASE "ProjectDomainName \"D\"\nProjectDomainID \"d\"\n",
     PAIR("ProjectDomainName", "ProjectDomainID")},
    {CREDENTIAL "ApplicationCredentialName \"n\"\n",
     PAIR("ApplicationCredentialID", "ApplicationCredentialName")},
    {CREDENTIAL "ApplicationCredentialSecretFile \"@/key.pem\"\n",
     PAIR("ApplicationCredentialSecret", "ApplicationCredentialSecretFile")},
    {CREDENTIAL "Username \"u\"\n",
     PAIR("Username", "ApplicationCredentialID")},
    {CREDENTIAL "Password \"hush-hush\"\n",
     PAIR("Password", "ApplicationCredentialID")},
    {CREDENTIAL PROJECT, PAIR("ProjectName", "ApplicationCredentialID")},
    {CREDENTIAL "Token \"hush-hush\"\n",
     PAIR("Token", "ApplicationCredentialID")},
    {BASE "Token \"hush-hush\"\n", PAIR("Password", "Token")},
    {BASE "RadosGWAccessKey \"a\"\nRadosGWSecretKey \"hush-hush\"\n"
          "RadosGWSecretKeyFile \"@/key.pem\"\n",
     PAIR("RadosGWSecretKey", "RadosGWSecretKeyFile")},
    {BASE "SystemScope true\n", PAIR("ProjectName", "SystemScope")},
    {BASE "DomainID \"d\"\n", PAIR("ProjectName", "DomainID")},
    {BASE "TrustID \"t\"\n", PAIR("ProjectName", "TrustID")},
    /* of the wrong type, or out of range */
    {BASE "Project \"\"\n", "Project \"\": must not be empty"},
    {BASE "Project \"a\"\nProject \"!\"\n",
     "Project \"!\": has no pattern to exclude"},
    {BASE "Domain \"!\"\n", "Domain \"!\": has no pattern to exclude"},
    {BASE "Domain \"a\" \"b\"\n",
     "Domain \"a\": expected one string in quotes"},
    {"AuthURL 5\n", "AuthURL 5: expected one string in quotes"},
    {"AuthURL \"keystone:5000\"\n" USER PROJECT,
     "AuthURL \"keystone:5000\": must begin with https:// or http://"},
    {"AuthURL \"ftp://k/\"\n" USER PROJECT,
     "AuthURL \"ftp://k/\": must begin with https:// or http://"},
    {"AuthURL \"k/v3\"\n",
     "AuthURL \"k/v3\": must begin with https:// or http://"},
    {"AuthURL \"https://u:hush-hush@k/\"\n",
     "AuthURL \"https://(hidden)@k/\": must hold no user and no password"},
    {"AuthURL \"u:hush-hush@k/\"\n",
     "AuthURL \"(hidden)@k/\": must begin with https:// or http://"},
    {"AuthURL \"https://u:hush-hu/sh@k/?\"\n",
     "AuthURL \"https://(hidden)@k/?(hidden)\": must hold no user and no "
     "password"},
    {"AuthURL \"https://u:hush#hush@k/\"\n",
     "AuthURL \"https://(hidden)@k/\": must hold no user and no password"},
    {"AuthURL \"https://k\"\nAuthURL \"https://u:hush-hush@k/\"\n",
     "AuthURL \"https://(hidden)@k/\": given twice"},
    {"AuthURL \"https://u:hush-hush@k/\" \"https://k\"\n",
     "AuthURL \"https://(hidden)@k/\": expected one string in quotes"},
    {"AuthURL \"https://k/ v3\"\n",
     "AuthURL \"https://k/ v3\": must have no blank, \"?\" or \"#\""},
    {"AuthURL \"https://k/?a\"\n",
     "AuthURL \"https://k/?(hidden)\": must have no blank, \"?\" or \"#\""},
    {"AuthURL \"https://k/#a\"\n",
     "AuthURL \"https://k/#(hidden)\": must have no blank, \"?\" or \"#\""},
    {"AuthURL \"https://\"\n", "AuthURL \"https://\": has no host"},
    {"AuthURL \"https:///v3\"\n", "AuthURL \"https:///v3\": has no host"},
    {"AuthURL \"https://:5000/\"\n", "AuthURL \"https://:5000/\": has no host"},
    {"AuthURL \"https://k/x/../v3\"\n",
     "AuthURL \"https://k/x/../v3\": must have no \".\" or \"..\" in its path"},
    {URL "Token \"hush hush\"\n", "Token (hidden): must have no blank, line "
                                  "end or control byte, and no byte "
                                  "beyond ASCII"},
    {URL "Token \"hush\x7f\"\n", "Token (hidden): must have no blank, line end "
                                 "or control byte, and no byte "
                                 "beyond ASCII"},
    {BASE "RadosGWAccessKey \"a key\"\n",
     "RadosGWAccessKey \"a key\": must have no blank, line end or control "
     "byte, "
     "and no byte beyond ASCII"},
    {BASE "RadosGWAccessKey \"a:key\"\n",
     "RadosGWAccessKey \"a:key\": must have no colon"},
    {"AuthURL \"https://k/v2.0/\"\n",
     "AuthURL \"https://k/v2.0/\": is Keystone's v2.0; v3 is needed"},
    {"Endpoint \"image\" \"glance:9292\"\n",
     "Endpoint \"image\" \"glance:9292\": must begin with https:// or "
     "http://"},
    {"Endpoint \"image\" \"file:///etc\"\n",
     "Endpoint \"image\" \"file:///etc\": must begin with https:// or "
     "http://"},
    {"Endpoint \"image\" \"http://u:hush@g\"\n",
     "Endpoint \"image\" \"http://(hidden)@g\": must hold no user and no "
     "password"},
    {"Endpoint \"image\" \"http://{region}\"\n",
     "Endpoint \"image\" \"http://{region}\": {names} are not filled in"},
    {"Endpoint \"a-b\" \"http://g\"\nEndpoint \"a_b\" \"http://h\"\n",
     "Endpoint \"a_b\": given twice"},
    {"ServiceType \"a\" \"b\"\nServiceType \"a\" \"b\"\n",
     "ServiceType \"a\": given twice"},
    {"Region \"a\"\nRegion \"b\"\nRegion \"a\"\n", "Region \"a\": given twice"},
    {BASE "ConfigFile \"@/ca.pem\"\n",
     "ConfigFile beside AuthURL needs OSCloud, or nothing would be taken from "
     "it"},
    {URL "Token \"t\"\nUserDomainName \"D\"\n",
     "UserDomainName needs Username"},
    {URL "Token \"t\"\nUserDomainID \"d\"\n", "UserDomainID needs Username"},
    {URL USER "DomainID \"d\"\nProjectDomainName \"D\"\n",
     "ProjectDomainName needs ProjectName"},
    {URL USER "TrustID \"t\"\nProjectDomainID \"d\"\n",
     "ProjectDomainID needs ProjectName"},
    {CREDENTIAL "ProjectDomainName \"D\"\n",
     PAIR("ProjectDomainName", "ApplicationCredentialID")},
    {CREDENTIAL "UserDomainID \"d\"\n",
     PAIR("UserDomainID", "ApplicationCredentialID")},
    {"Password 12345\n", "Password (hidden): expected one string in quotes"},
    {"Token true\n", "Token (hidden): expected one string in quotes"},
    {"ApplicationCredentialSecret \"hush-hush\" \"hush-hush\"\n",
     "ApplicationCredentialSecret (hidden): expected one string in quotes"},
    {"Password \"\"\n", "Password (hidden): must not be empty"},
    {"Username \"\"\n", "Username \"\": must not be empty"},
    {"Interval 0\n", "Interval 0: must be from 0.1 to 604800"},
    {"Interval \"often\"\n",
     "Interval \"often\": expected a number from 0.1 to 604800"},
    {"Timeout 0\n", "Timeout 0: must be from 1 to 3600000"},
    {"Timeout 0.5\n", "Timeout 0.5: must be from 1 to 3600000"},
    {"MaxConnections 65\n", "MaxConnections 65: must be from 1 to 64"},
    {"MaxConnections 1.5\n", "MaxConnections 1.5: expected a whole number"},
    {"MaxRequestRate -1\n", "MaxRequestRate -1: must be from 0 to 100000"},
    {"VerifyPeer \"perhaps\"\n",
     "VerifyPeer \"perhaps\": expected true or false"},
    {"Metadata \"some\"\n",
     "Metadata \"some\": expected one of none, ids, all"},
    {"Interface \"pubic\"\n",
     "Interface \"pubic\": expected one of public, internal, admin"},
    {"SystemScope \"all\"\n", "SystemScope \"all\": expected true or false"},
    {"Region\n", "Region: expected one string in quotes"},
    {"CACert \"/no/such/ca.pem\"\n", "CACert \"/no/such/ca.pem\": cannot be "
                                     "read: No such file or directory"},
    {"CACert \"/tmp\"\n", "CACert \"/tmp\": is a directory"},
    {"ClientCert \"/no/such\"\n",
     "ClientCert \"/no/such\": cannot be read: No such file or directory"},
    {"PasswordFile \"/no/such\"\n",
     "PasswordFile \"/no/such\": cannot be read: No such file or directory"},
    {"Username \"a\"\nUsername \"b\"\n", "Username \"b\": given twice"},
    {"Password \"hush-hush\"\nPassword \"hush-hush\"\n",
     "Password (hidden): given twice"},
    {"<Region \"a\">\nX 1\n</Region>\n",
     "Region \"a\": is an option, not a block"},
    /* unknown */
    {"Passwrd \"hush-hush\"\n",
     "Passwrd (hidden): no such option; did you mean Password?"},
    {"AuthUrll \"https://k\"\n",
     "AuthUrll (hidden): no such option; did you mean AuthURL?"},
    {"Regions \"a\"\n",
     "Regions (hidden): no such option; did you mean Region?"},
    {"Workers 4\n",
     "Workers (hidden): belongs in <Plugin openstack>, beside the "
     "<Cloud> blocks"},
    {"<Listing \"x\">\nService \"x\"\n</Listing>\n",
     "Listing (hidden): belongs in <Plugin openstack>, beside the <Cloud> "
     "blocks"},
    {BASE "Meter \"volume.service\"\n",
     "Meter \"volume.service\": no such meter; near it: volume.service.health, "
     "volume.service.enabled, volume.service.frozen, "
     "volume.service.down.by_binary; put the pattern in quotes"},
    {URL USER "ProjectName \"gr\374n\"\n",
     "ProjectName \"gr n\": is not UTF-8"},
    {URL PROJECT "UserID \"u\"\nPassword \"hush-hush\374\"\n",
     "Password (hidden): is not UTF-8"},
    {"Frobnicate true\n", "Frobnicate (hidden): no such option"},
    {BASE "Meter \"image.siez\"\n",
     "Meter \"image.siez\": no such meter; near it: image.size, image.age"},
    {BASE "Meter \"alarm.eval\"\n",
     "Meter \"alarm.eval\": no such meter; near it: "
     "alarm.evaluation_result.ok, "
     "alarm.evaluation_result.alarm, "
     "alarm.evaluation_result.insufficient_data"},
    {BASE "Meter \"cpu_util\"\n", "Meter \"cpu_util\": no such meter"},
    {BASE "Meter \"!nothing.*\"\n", "Meter \"!nothing.*\": no such meter"},
    {BASE "Meter \"image\"\nMeter \"!*\"\n",
     "Meter: the patterns leave no meter"},
    {BASE "Meter \"radosgw.*\"\n",
     "Meter: the patterns leave no meter; radosgw meters need RadosGWAccessKey "
     "and RadosGWSecretKey"},
    {BASE "Meter \"!\"\n", "Meter \"!\": has no pattern to exclude"},
    {BASE "Meter \"!image.siez\"\n",
     "Meter \"!image.siez\": no such meter; near it: image.size, image.age"},
    {BASE "Meter \"volums.?ize\"\n",
     "Meter \"volums.?ize\": no such meter; near it: volume.size"},
    {BASE "Meter \"*.size.bytotal\"\n",
     "Meter \"*.size.bytotal\": no such meter; near it: image.size.total, "
     "volume.size.total, volume.snapshot.size.total, volume.backup.size.total, "
     "storage.objects.size.total, manila.share.size.total, "
     "radosgw.objects.size.total"},
    {BASE "Meter \"volumf.size\"\n",
     "Meter \"volumf.size\": no such meter; near it: volume.size"},
    {BASE "Meter \"volums.service.*\"\n",
     "Meter \"volums.service.*\": no such meter; near it: "
     "volume.service.health, volume.service.enabled, volume.service.frozen, "
     "volume.service.down.by_binary"},
    {BASE "Meter \"?mage.sise\"\n",
     "Meter \"?mage.sise\": no such meter; near it: image.size, "
     "image.age"},
    {BASE "Meter \"\"\n", "Meter \"\": must not be empty"},
    {BASE "Meter 7\n", "Meter 7: expected one string in quotes"},
};

/* A blank at a secret's end is hardly meant. */
static void a_blank_around_a_secret_is_a_warning(void **state) {
  static const struct {
    const char *text;
    bool warned;
  } rows[] = {{"hush-hush", false},
              {"hush-hush ", true},
              {"hush-hush\t", true},
              {" hush-hush", true},
              {"hush hush", false}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *lines = text_printf(URL PROJECT "UserID \"u\"\nPassword \"%s\"\n",
                              rows[i].text);
    heard_forget();
    assert_int_equal(read_cloud(f, lines), 0);
    assert_int_equal(
        heard_count("config: <Cloud \"prod\">: Password (hidden): begins or "
                    "ends with a blank, which is part of it"),
        rows[i].warned);
    assert_int_equal(heard_count("*hush*"), 0);
    plugin_options_clear(&f->options);
    free(lines);
  }
}

/* What is allowed and hardly meant. */
static void what_is_hardly_meant_is_a_warning(void **state) {
  static const struct {
    const char *lines, *warning; /* NULL: none */
  } rows[] = {
      {"Endpoint \"image\" \"http://g\"\n", NULL},
      {"Endpoint \"volumev3\" \"http://c\"\nMeter \"volume.size\"\n", NULL},
      {"Endpoint \"block_storage\" \"http://c\"\n", NULL},
      {"Endpoint \"key-manager\" \"http://b\"\n",
       "Endpoint \"key-manager\": no chosen meter is of this service"},
      {"Endpoint \"image\" \"http://g\"\nMeter \"volume.size\"\n",
       "Endpoint \"image\": no chosen meter is of this service"},
      {"Endpoint \"identity\" \"http://k\"\nMeter \"image\"\n",
       "Endpoint \"identity\": no chosen meter is of this service; Keystone is "
       "asked at AuthURL"},
      {"ServiceType \"image\" \"image-test\"\n", NULL},
      {"ServiceType \"glance\" \"image\"\n",
       "ServiceType \"glance\": no chosen meter is of this service"},
      {"Interval 10\n", NULL},
      {"Interval 9.5\n",
       "Interval 9.5 (image): the cloud is asked every 9.5 s; under 10 s is a "
       "load to its services"},
      {"<Meter \"volume.size\">\nInterval 5\n</Meter>\n",
       "Interval 5 (volume.size): the cloud is asked every 5 s; under 10 s is "
       "a "
       "load to its services"},
      {"Timeout 1000\n", NULL},
      {"Timeout 30\n", "Timeout 30: is in milliseconds: 30 s are 30000"},
      {"Interval 10\nTimeout 8000\n", NULL},
      {"Interval 10\nTimeout 8001\n",
       "Timeout 8001: has no effect where the Interval is 10 s: a walk ends "
       "after 80 % of that"},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *lines = text_printf(BASE "%s", rows[i].lines);
    enum complaint_kind kind = COMPLAINT_WARNING;
    heard_forget();
    assert_int_equal(read_cloud(f, lines), 0);
    if (heard_lines() != (rows[i].warning != NULL ? 1 : 0))
      fail_msg("row %zu: %zu lines", i, heard_lines());
    const char *line = rows[i].warning != NULL ? heard_line(0, &kind) : NULL;
    assert_int_equal(kind, COMPLAINT_WARNING);
    if (line != NULL)
      assert_string_equal(line + strlen("config: <Cloud \"prod\">: "),
                          rows[i].warning);
    plugin_options_clear(&f->options);
    free(lines);
  }
}

static void each_mistake_is_one_line_that_names_it(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    char line[400];
    enum complaint_kind level;
    char *want = fill_in(wrong[i].line);
    snprintf(line, sizeof(line), "config: <Cloud \"prod\">: %s", want);
    free(want);
    assert_int_equal(read_cloud(f, wrong[i].lines), -1);
    /* A warning of a file that all may read can stand before it. */
    assert_string_equal(heard_line(heard_lines() - 1, &level), line);
    assert_int_equal(heard_lines(), 1 + heard_count("*everybody*"));
    /* A name that nothing has may come in another block. */
    bool unknown = strstr(line, "no such meter") != NULL ||
                   strstr(line, "the patterns leave no meter") != NULL ||
                   strstr(line, "no chosen meter matches") != NULL;
    assert_int_equal(level, unknown ? COMPLAINT_UNKNOWN : COMPLAINT_WRONG);
    assert_int_equal(heard_count("*hush*"), 0);
    heard_forget();
    plugin_options_clear(&f->options);
  }
}

/* A token is for one thing, and an application credential brings its own. */
static void two_scopes_contradict_each_other(void **state) {
  static const struct {
    const char *key, *value;
  } scopes[] = {
      {"ProjectName", "\"p\""},
      {"ProjectID", "\"p\""},
      {"DomainName", "\"d\""},
      {"DomainID", "\"d\""},
      {"TrustID", "\"t\""},
      {"SystemScope", "true"},
      {"ApplicationCredentialID", "\"c\""},
      {"ApplicationCredentialName", "\"c\""},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < 8; i++)
    for (size_t j = i + 1; j < 8; j++) {
      char *lines =
          text_printf(URL "%s %s\n%s %s\n", scopes[j].key, scopes[j].value,
                      scopes[i].key, scopes[i].value);
      char *line = text_printf("config: <Cloud \"prod\">: " PAIR("%s", "%s"),
                               scopes[i].key, scopes[j].key);
      assert_int_equal(read_cloud(f, lines), -1);
      assert_int_equal(heard_lines(), 1);
      assert_string_equal(heard_line(0, NULL), line);
      heard_forget();
      plugin_options_clear(&f->options);
      free(lines);
      free(line);
    }
}

static const struct {
  const char *text, *line;
} wrong_outside[] = {
    {"<Plugin openstack>\nWorkers 0\n</Plugin>\n",
     "config: <Plugin openstack>: Workers 0: must be from 1 to 64"},
    {"<Plugin openstack>\nWorkers 2.5\n</Plugin>\n",
     "config: <Plugin openstack>: Workers 2.5: expected a whole number"},
    {"<Plugin openstack>\nWorker 4\n</Plugin>\n",
     "config: <Plugin openstack>: Worker (hidden): no such option; did you "
     "mean Workers?"},
    {"<Plugin openstack>\nAuthURL \"http://k\"\n</Plugin>\n",
     "config: <Plugin openstack>: AuthURL (hidden): belongs in a <Cloud> "
     "block"},
    {"<Plugin openstack>\n<Cloud>\n" BASE "</Cloud>\n</Plugin>\n",
     "config: <Cloud>: needs one name in quotes: <Cloud \"prod\">"},
    {"<Plugin openstack>\n<Cloud \"\">\n" BASE "</Cloud>\n</Plugin>\n",
     "config: <Cloud>: needs one name in quotes: <Cloud \"prod\">"},
    {"<Plugin openstack>\n<Cloud \"a\" \"b\">\n" BASE "</Cloud>\n</Plugin>\n",
     "config: <Cloud>: needs one name in quotes: <Cloud \"prod\">"},
    {"<Plugin openstack>\n<Cloud 7>\n" BASE "</Cloud>\n</Plugin>\n",
     "config: <Cloud>: needs one name in quotes: <Cloud \"prod\">"},
    {"<Plugin openstack>\n<Cloud \"a\">\n" BASE "</Cloud>\n<Cloud \"a\">\n" BASE
     "</Cloud>\n</Plugin>\n",
     "config: <Cloud \"a\">: there are two of this name"},
    {"<Plugin openstack>\n<Cloud \"a_b\">\n" BASE
     "</Cloud>\n<Cloud \"a/b\">\n" BASE "</Cloud>\n</Plugin>\n",
     "config: <Cloud \"a/b\">: its values would be called as those of "
     "<Cloud \"a_b\">"},
};

static void so_is_each_mistake_outside_a_cloud(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(wrong_outside) / sizeof(wrong_outside[0]);
       i++) {
    assert_int_equal(read_file(f, wrong_outside[i].text), -1);
    assert_string_equal(heard_line(0, NULL), wrong_outside[i].line);
    assert_int_equal(heard_lines(), 1);
    heard_forget();
    plugin_options_clear(&f->options);
  }
}

/* Of two clouds, the second with these lines. */
static void two_clouds_of_one_host_are_a_warning(void **state) {
  static const struct {
    const char *first, *second;
    bool warned;
  } rows[] = {
      {"", "", false},
      {"Host \"h\"\n", "Host \"h\"\n", true},
      {"Host \"h/i\"\n", "Host \"h_i\"\n", true},
      {"Host \"h\"\n", "Host \"i\"\n", false},
      {"", "Host \"one\"\n", true},
      {"Host \"two\"\n", "", true},
      {"Host \"h\"\n", "Host \"h\"\nHostnameFormat \"cloud region\"\n", false},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *text = text_printf("<Plugin openstack>\n<Cloud \"one\">\n%s" BASE
                             "</Cloud>\n<Cloud \"two\">\n%s" BASE
                             "</Cloud>\n</Plugin>\n",
                             rows[i].first, rows[i].second);
    assert_int_equal(read_file(f, text), 0);
    assert_int_equal(heard_lines(), rows[i].warned ? 1 : 0);
    assert_int_equal(
        heard_count("config: <Cloud \"two\">: its values have the host of "
                    "those of <Cloud \"one\">: give each cloud another "
                    "Host"),
        heard_lines());
    heard_forget();
    plugin_options_clear(&f->options);
    free(text);
  }
}

/* The reason stands behind what was written, and a line has an end. */
static void a_long_text_leaves_room_for_the_reason(void **state) {
  static const struct {
    const char *before, *after, *line;
    int most;
  } rows[] = {
      {"AuthURL \"", "\"\n", "*: must begin with https:// or http://", 3000},
      {BASE "Meter \"", "\"\n", "*: no such meter", 3000},
      {BASE "HostnameFormat \"", "\"\n", "*; the words are cloud, *", 350},
      {BASE "HostnameFormat \"", "\"\n", "*: is too long", 3000},
      {BASE "<Meter \"image.size\">\nAggregate \"sum\"\nGroupBy \"",
       "[\"\n</Meter>\n", "*: a name is missing or its quote does not close",
       3000},
      {BASE "CACert \"/", "\"\n", "*: cannot be read: *", 3000},
      {BASE, " 1\n", "*: no such option", 3000},
      {"OSCloud \"", "\"\n", "*: has no cloud \"xxx*x\"; it has other", 3000},
  };
  struct fixture *f = *state;
  char text[3000];
  memset(text, 'x', sizeof(text));
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *lines = text_printf("%s%.*s%s", rows[i].before, rows[i].most, text,
                              rows[i].after);
    assert_int_equal(read_cloud(f, lines), -1);
    assert_int_equal(heard_lines(), 1);
    if (heard_count(rows[i].line) != 1)
      fail_msg("%s", heard_line(0, NULL));
    heard_forget();
    plugin_options_clear(&f->options);
    free(lines);
  }
}

/* A read callback is "openstack/CLOUD/METER", of 127 bytes at most. */
static void a_name_must_leave_room_for_the_meter_s(void **state) {
  struct fixture *f = *state;
  char text[1000];
  snprintf(text, sizeof(text),
           "<Plugin openstack>\n<Cloud \"%064d\">\n%s</Cloud>\n</Plugin>\n", 1,
           BASE);
  assert_int_equal(read_file(f, text), 0);
  snprintf(text, sizeof(text),
           "<Plugin openstack>\n<Cloud \"%065d\">\n%s</Cloud>\n</Plugin>\n", 1,
           BASE);
  assert_int_equal(read_file(f, text), -1);
  assert_int_equal(heard_lines(), 1);
  assert_int_equal(heard_count("config: <Cloud \"0*1\">: the name is longer "
                               "than 64 bytes"),
                   1);
  for (size_t i = 0; i < meters_count(); i++)
    assert_true(strlen("openstack/") + 64 + 1 + strlen(meters_get(i)->name) <
                IDENTIFIER_BYTES);
}

static void without_auth_url_the_cloud_is_looked_up(void **state) {
  struct fixture *f = *state;
  char line[200];
  snprintf(line, sizeof(line),
           "config: <Cloud \"prod\">: %s: has no cloud \"prod\"; it has "
           "other",
           f->yaml);
  assert_int_equal(read_cloud(f, USER PROJECT), -1);
  assert_string_equal(heard_line(0, NULL), line);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(the_smallest_block_has_these_defaults),
      TEST(every_key_reaches_its_member),
      TEST(all_ways_to_log_in_are_taken),
      TEST(several_clouds_and_blocks_add_up),
      TEST(the_order_of_blocks_does_not_matter),
      TEST(an_empty_block_is_no_mistake),
      TEST(the_cloud_s_interval_beats_the_plugin_s),
      TEST(a_secret_key_may_be_in_a_file),
      TEST(a_client_s_key_may_stand_in_its_certificate_s_file),
      TEST(unverified_tls_is_a_warning),
      TEST(without_patterns_the_usual_meters_are_chosen),
      TEST(a_star_chooses_all_that_a_pattern_may),
      TEST(patterns_choose_meters),
      TEST(without_means_all_but),
      TEST(radosgw_meters_need_keys),
      TEST(what_is_hardly_meant_is_a_warning),
      TEST(each_mistake_is_one_line_that_names_it),
      TEST(a_blank_around_a_secret_is_a_warning),
      TEST(two_scopes_contradict_each_other),
      TEST(so_is_each_mistake_outside_a_cloud),
      TEST(two_clouds_of_one_host_are_a_warning),
      TEST(a_long_text_leaves_room_for_the_reason),
      TEST(a_name_must_leave_room_for_the_meter_s),
      TEST(without_auth_url_the_cloud_is_looked_up),
  };
  int failed = cmocka_run_group_tests(tests, make_files, remove_files);
  heard_forget();
  return failed;
}
