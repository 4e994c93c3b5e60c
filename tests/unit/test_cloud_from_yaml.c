/*
 * cloud_from_yaml and clouds_yaml: what a <Cloud> block does not say comes from
 * clouds.yaml, as openstacksdk reads it.
 */
#include "stub/configuration.h"

#include "base/text.h"
#include "config/plugin_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
  struct plugin_options options;
  char folder[40];
};

static const char *const files[] = {
    "clouds.yaml", "secure.yaml", "clouds-public.yaml", "cert.pem", "key.pem"};

static char *path_of(const struct fixture *f, const char *name) {
  return text_printf("%s/%s", f->folder, name);
}

static void write_file(const struct fixture *f, const char *name,
                       const char *text) {
  char *path = path_of(f, name);
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
  free(path);
}

static int setup(void **state) {
  static const char *const variables[] = {
      "CLIENT_CONFIG_FILE", "CLIENT_SECURE_FILE", "CLIENT_VENDOR_FILE",
      "AUTH_URL",           "USERNAME",           "PASSWORD",
      "PROJECT_NAME",       "REGION_NAME",        "INTERFACE"};
  struct fixture *f = calloc(1, sizeof(*f));
  f->options = (struct plugin_options)PLUGIN_OPTIONS_INIT;
  snprintf(f->folder, sizeof(f->folder), "/tmp/test_os_cloud.XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  assert_int_equal(chdir(f->folder), 0);
  for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
    char *name = text_printf("OS_%s", variables[i]);
    unsetenv(name);
    free(name);
  }
  heard_forget();
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  plugin_options_clear(&f->options);
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    char *path = path_of(f, files[i]);
    unlink(path);
    free(path);
  }
  rmdir(f->folder);
  assert_int_equal(heard_count("*hush*"), 0);
  free(f);
  return 0;
}

/* Reads <Cloud NAME> with these lines, and no others. */
static int read_cloud(struct fixture *f, const char *name, const char *lines) {
  char *text = text_printf("<Plugin openstack>\n<Cloud \"%s\">\n%s</Cloud>\n"
                           "</Plugin>\n",
                           name, lines);
  struct config_item *root = config_text(text);
  int status =
      plugin_options_read(&f->options, root->children, root->nchildren, &heard);
  config_text_free(root);
  free(text);
  return status;
}

/* ... with ConfigFile naming the fixture's clouds.yaml. */
static const struct cloud_config *cloud_of(struct fixture *f,
                                           const char *lines) {
  char *all =
      text_printf("ConfigFile \"%s/clouds.yaml\"\n%s", f->folder, lines);
  int status = read_cloud(f, "prod", all);
  free(all);
  if (status != 0)
    fail_msg("%s", heard_line(heard_lines() - 1, NULL));
  return f->options.clouds[f->options.nclouds - 1];
}

#define AUTH                                                                   \
  "    auth:\n      auth_url: https://k.example:5000/v3\n"                     \
  "      username: collectd\n      password: hush-hush\n"                      \
  "      project_name: service\n"
#define PROD "clouds:\n  prod:\n" AUTH

/* All that was logged, as lines; %s is the folder. */
static void expect_lines(struct fixture *f, const char *want) {
  char got[2000] = "";
  for (size_t i = 0; i < heard_lines(); i++) {
    const char *line = heard_line(i, NULL);
    const char *found;
    while ((found = strstr(line, f->folder)) != NULL) {
      size_t used = strlen(got);
      snprintf(got + used, sizeof(got) - used, "%.*s%%s", (int)(found - line),
               line);
      line = found + strlen(f->folder);
    }
    size_t used = strlen(got);
    snprintf(got + used, sizeof(got) - used, "%s\n", line);
  }
  assert_string_equal(got, want);
}

/* ---- what is taken ------------------------------------------------------ */

static void everything_an_entry_says_is_taken(void **state) {
  struct fixture *f = *state;
  write_file(f, "cert.pem", "-----BEGIN CERTIFICATE-----\n");
  write_file(f, "key.pem", "-----BEGIN PRIVATE KEY-----\n");
  write_file(f, "clouds.yaml",
             PROD "      user_domain_name: UD\n"
                  "      project_domain_id: pd\n"
                  "    region_name: RegionTwo\n    interface: internal\n"
                  "    cacert: ~/cert.pem\n    cert: ~/cert.pem\n"
                  "    key: ~/key.pem\n    verify: true\n"
                  "    image_endpoint_override: https://g.example\n"
                  "    block_storage_service_type: volumev9\n"
                  "    identity_api_version: 3\n    auth_type: v3password\n"
                  "    unknown_key: [1, 2]\n");
  setenv("HOME", f->folder, 1);
  const struct cloud_config *c = cloud_of(f, "");
  const struct session_config *s = &c->session;
  char *cert = path_of(f, "cert.pem"), *key = path_of(f, "key.pem");
  assert_string_equal(c->http.ca_cert, cert);
  assert_string_equal(c->http.client_cert, cert);
  assert_string_equal(c->http.client_key, key);
  free(cert);
  free(key);
  assert_string_equal(s->auth_url, "https://k.example:5000/v3");
  assert_string_equal(s->username, "collectd");
  assert_string_equal(s->password, "hush-hush");
  assert_string_equal(s->project_name, "service");
  assert_string_equal(s->user_domain_name, "UD");
  assert_string_equal(s->project_domain_id, "pd");
  assert_null(s->project_domain_name);
  assert_int_equal(s->regions.n, 1);
  assert_string_equal(s->regions.items[0], "RegionTwo");
  assert_string_equal(s->interface, "internal");
  assert_true(c->http.verify_peer && c->http.verify_host);
  assert_string_equal(s->endpoints.items[0], "image=https://g.example");
  assert_string_equal(s->service_types.items[0], "block_storage=volumev9");
  expect_lines(
      f, "cloud \"prod\": from %s/clouds.yaml: AuthURL, Password, Username, "
         "ProjectName, UserDomainName, ProjectDomainID, CACert, ClientCert, "
         "ClientKey, Region, Interface, Endpoint, ServiceType\n");
}

static void the_block_comes_first(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             PROD "    region_name: RegionTwo\n    interface: internal\n"
                  "    verify: false\n");
  const struct cloud_config *c =
      cloud_of(f, "UserID \"uid\"\nRegion \"One\"\nInterface \"admin\"\n"
                  "VerifyPeer true\nVerifyHost true\nProjectID \"pid\"\n");
  const struct session_config *s = &c->session;
  assert_string_equal(s->user_id, "uid");
  assert_null(s->username);
  assert_null(s->user_domain_name);
  assert_string_equal(s->project_id, "pid");
  assert_null(s->project_name);
  assert_int_equal(s->regions.n, 1);
  assert_string_equal(s->regions.items[0], "One");
  assert_string_equal(s->interface, "admin");
  assert_true(c->http.verify_peer && c->http.verify_host);
}

/* A scope of the block's leaves no room for another one. */
static void the_block_s_scope_is_the_only_one(void **state) {
  static const char *const scopes[] = {"DomainName \"D\"\n", "TrustID \"t\"\n",
                                       "SystemScope true\n",
                                       "ProjectID \"p\"\n"};
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             "clouds:\n  prod:\n    auth:\n      auth_url: https://k\n"
             "      user_id: u\n      password: hush\n"
             "      system_scope: all\n      trust_id: other\n"
             "      domain_id: other\n      project_id: other\n");
  for (int i = 0; i < 4; i++) {
    const struct session_config *s = &cloud_of(f, scopes[i])->session;
    assert_int_equal(s->domain_name != NULL, i == 0);
    assert_int_equal(s->trust_id != NULL, i == 1);
    assert_int_equal(s->system_scope, i == 2);
    assert_int_equal(s->project_id != NULL, i == 3);
    assert_null(s->domain_id);
    plugin_options_clear(&f->options);
  }
}

static void secrets_may_lie_beside_it(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml", PROD);
  write_file(f, "secure.yaml",
             "clouds: {prod: {auth: {password: hush-beside}}}\n");
  assert_string_equal(cloud_of(f, "")->session.password, "hush-beside");
  expect_lines(f, "cloud \"prod\": from %s/clouds.yaml: AuthURL, Username, "
                  "ProjectName; from %s/secure.yaml: Password\n");
}

/* openstacksdk 0.101 takes the project in auth, and 4.4 the other. */
static void of_two_the_one_in_auth_counts_with_a_warning(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             PROD "    project_name: other\n    password: hush-too\n"
                  "    username: collectd\n");
  const struct cloud_config *cloud = cloud_of(f, "");
  assert_string_equal(cloud->session.project_name, "service");
  assert_string_equal(cloud->session.password, "hush-hush");
  assert_int_equal(heard_count("config: <Cloud \"prod\">: */clouds.yaml: "
                               "project_name stands in auth and, with another "
                               "value, beside it; the one in auth counts"),
                   1);
  assert_int_equal(heard_count("*: password stands in auth*"), 1);
  assert_int_equal(heard_count("*stands in auth*"), 2);
}

/* Whether it is the one that counts or not. */
static void a_secret_that_everybody_may_read_is_a_warning(void **state) {
  static const struct {
    const char *clouds, *secure, *lines, *warned;
  } rows[] = {
      {"password: hush", "token: hush", "", "clouds secure"},
      {"password: hush", "username: u", "", "clouds"},
      {"username: u", "password: hush", "", "secure"},
      {"token: hush", "password: hush", "Password \"mine\"\n", "clouds secure"},
      {"username: u", "password: null", "Password \"mine\"\n", ""},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *clouds =
        text_printf("clouds:\n  prod:\n    auth: {auth_url: 'http://k', "
                    "user_id: u, project_id: p, %s}\n",
                    rows[i].clouds);
    char *secure =
        text_printf("clouds:\n  prod:\n    auth: {%s}\n", rows[i].secure);
    char *lines = text_printf("UserID \"u\"\n%s", rows[i].lines);
    write_file(f, "clouds.yaml", clouds);
    write_file(f, "secure.yaml", secure);
    chmod("clouds.yaml", 0644);
    chmod("secure.yaml", 0644);
    cloud_of(f, lines);
    const char *const names[] = {"clouds", "secure"};
    for (int k = 0; k < 2; k++) {
      char *line = text_printf(
          "config: <Cloud \"prod\">: %s/%s.yaml: holds a secret, and everybody "
          "on this machine may read it; chmod 0600 or 0640",
          f->folder, names[k]);
      assert_int_equal(heard_count(line),
                       strstr(rows[i].warned, names[k]) != NULL);
      free(line);
    }
    assert_int_equal(heard_lines(), 1 + heard_count("*everybody*"));
    /* Not so if only some may. */
    heard_forget();
    plugin_options_clear(&f->options);
    chmod("clouds.yaml", 0640);
    chmod("secure.yaml", 0600);
    cloud_of(f, lines);
    assert_int_equal(heard_count("*everybody*"), 0);
    heard_forget();
    plugin_options_clear(&f->options);
    free(clouds);
    free(secure);
    free(lines);
  }
}

static void where_nothing_is_taken_the_line_says_so(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml", "clouds: {prod: {}}\n");
  cloud_of(f, "OSCloud \"prod\"\nAuthURL \"https://k\"\nUserID \"u\"\n"
              "Password \"hush\"\nProjectID \"p\"\n");
  expect_lines(f, "cloud \"prod\": nothing is taken from clouds.yaml\n");
}

static void a_profile_fills_the_gaps(void **state) {
  struct fixture *f = *state;
  char *public = path_of(f, "clouds-public.yaml");
  write_file(f, "clouds.yaml",
             "clouds:\n  prod:\n    profile: vendor\n    auth:\n"
             "      username: collectd\n      password: hush-hush\n"
             "      project_name: service\n    region_name: One\n");
  write_file(f, "clouds-public.yaml",
             "public-clouds:\n  vendor:\n    auth:\n"
             "      auth_url: https://vendor.example/v3\n"
             "    region_name: Elsewhere\n");
  setenv("OS_CLIENT_VENDOR_FILE", public, 1);
  const struct session_config *s = &cloud_of(f, "")->session;
  assert_string_equal(s->auth_url, "https://vendor.example/v3");
  assert_string_equal(s->regions.items[0], "One");
  expect_lines(f, "cloud \"prod\": from %s/clouds-public.yaml: AuthURL; from "
                  "%s/clouds.yaml: Password, Username, ProjectName, Region\n");
  free(public);
}

static void several_regions_are_several(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             PROD "    regions:\n    - One\n    - name: Two\n"
                  "      values: {x: 1}\n    - Three\n");
  const struct session_config *s = &cloud_of(f, "")->session;
  assert_int_equal(s->regions.n, 3);
  assert_string_equal(s->regions.items[0], "One");
  assert_string_equal(s->regions.items[1], "Two");
  assert_string_equal(s->regions.items[2], "Three");
  expect_lines(f, "config: <Cloud \"prod\">: %s/clouds.yaml: the values of "
                  "region \"Two\" are not taken\n"
                  "cloud \"prod\": from %s/clouds.yaml: AuthURL, Password, "
                  "Username, ProjectName, Region\n");
}

static void another_entry_can_be_named(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml", "clouds:\n  other:\n" AUTH);
  const struct cloud_config *c = cloud_of(f, "OSCloud \"other\"\n");
  assert_string_equal(c->name, "prod");
  assert_string_equal(c->session.username, "collectd");
}

static const struct {
  const char *yaml;
  const char *interface;
  bool verify;
} spellings[] = {
    {PROD "    endpoint_type: publicURL\n", "public", true},
    {PROD "    interface: adminURL\n", "admin", true},
    {PROD "    verify: False\n", "public", false},
    {PROD "    verify: no\n", "public", false},
    {PROD "    insecure: true\n", "public", false},
    {PROD "    insecure: 0\n", "public", true},
    {PROD "    endpoint_type: admin\n    interface: internal\n", "admin", true},
    {PROD "    endpoint-type: admin\n", "admin", true},
    {PROD "    interface: null\n    verify: ~\n    cacert:\n", "public", true},
};

static void spellings_that_openstacksdk_knows(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
    write_file(f, "clouds.yaml", spellings[i].yaml);
    const struct cloud_config *c = cloud_of(f, "");
    assert_string_equal(c->session.interface, spellings[i].interface);
    assert_int_equal(c->http.verify_peer, spellings[i].verify);
    assert_int_equal(c->http.verify_host, spellings[i].verify);
    assert_null(c->http.ca_cert);
    assert_int_equal(heard_count("*, VerifyPeer, VerifyHost"),
                     spellings[i].verify ? 0 : 1);
    heard_forget();
    plugin_options_clear(&f->options);
  }
}

static void other_ways_to_log_in(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             "clouds:\n  prod:\n    auth_type: v3applicationcredential\n"
             "    auth:\n      auth_url: https://k\n"
             "      application_credential_id: cid\n"
             "      application_credential_secret: hush-hush\n");
  assert_string_equal(cloud_of(f, "")->session.credential_id, "cid");
  plugin_options_clear(&f->options);
  write_file(f, "clouds.yaml",
             "clouds:\n  prod:\n    auth_type: v3token\n"
             "    auth: {auth_url: https://k, token: hush}\n");
  assert_string_equal(cloud_of(f, "")->session.token, "hush");
  plugin_options_clear(&f->options);
  write_file(f, "clouds.yaml",
             "clouds:\n  prod:\n    auth:\n      auth_url: https://k\n"
             "      user_id: u\n      password: hush\n"
             "      system_scope: all\n");
  assert_true(cloud_of(f, "")->session.system_scope);
}

/* The line of an entry's `auth`, which says u, hush and project p else. */
static const struct {
  const char *auth, *user_domain, *project_domain; /* "#id" or "name" */
} domains[] = {
    {"user_domain_id: u, user_domain_name: U, project_domain_id: p", "#u",
     "#p"},
    {"domain_id: d", "#d", "#d"},
    {"domain_id: d, user_domain_name: U", "#d", "#d"},
    {"domain_name: D, user_domain_name: U", "U", "D"},
    {"default_domain_id: d, user_domain_name: U", "#d", "#d"},
    {"default_domain_name: D, project_domain_name: P", "D", "P"},
    {"default_domain: d, project_domain_name: P", "#d", "P"},
    {"user-domain-name: U", "U", "Default"},
    {"user_domain_id: '', user_domain_name: U, project_domain_id: null", "U",
     "Default"},
};

static void expect_domain(const char *want, const char *id, const char *name) {
  const char *got = want[0] == '#' ? id : name;
  assert_non_null(got);
  assert_string_equal(got, want + (want[0] == '#'));
}

static void domains_are_those_of_openstacksdk(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
    char *yaml =
        text_printf("clouds: {prod: {auth: {auth_url: 'http://k', username: u, "
                    "password: hush, project_name: p, %s}}}\n",
                    domains[i].auth);
    write_file(f, "clouds.yaml", yaml);
    const struct session_config *s = &cloud_of(f, "")->session;
    expect_domain(domains[i].user_domain, s->user_domain_id,
                  s->user_domain_name);
    expect_domain(domains[i].project_domain, s->project_domain_id,
                  s->project_domain_name);
    assert_null(s->domain_id);
    assert_null(s->domain_name);
    plugin_options_clear(&f->options);
    free(yaml);
  }
}

/* Secrets of another login lie beside it. */
static void auth_type_says_which_login_counts(void **state) {
  static const struct {
    const char *type, *lines;
    bool password, token, credential;
  } rows[] = {
      {"", "", true, false, false},
      {"auth_type: password, ", "", true, false, false},
      {"auth_type: v3token, ", "", false, true, false},
      {"auth_type: v3applicationcredential, ", "", false, false, true},
      {"auth_type: v3token, ", "Password \"hush\"\n", true, false, false},
      {"auth_type: password, ", "Token \"hush\"\n", false, true, false},
      {"auth_type: v3kerberos, ", "Password \"hush\"\n", true, false, false},
      {"auth_type: password, ",
       "ApplicationCredentialID \"i\"\n"
       "ApplicationCredentialSecret \"hush\"\n",
       false, false, true},
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *yaml = text_printf(
        "clouds: {prod: {%sauth: {auth_url: 'http://k', user_id: u, password: "
        "hush, project_id: p, token: hush-t, application_credential_id: c, "
        "application_credential_secret: hush-c}}}\n",
        rows[i].type);
    write_file(f, "clouds.yaml", yaml);
    const struct session_config *s = &cloud_of(f, rows[i].lines)->session;
    assert_int_equal(s->password != NULL, rows[i].password);
    assert_int_equal(s->token != NULL, rows[i].token);
    assert_int_equal(s->credential_id != NULL, rows[i].credential);
    assert_int_equal(s->credential_secret != NULL, rows[i].credential);
    assert_int_equal(s->project_id != NULL, !rows[i].credential);
    plugin_options_clear(&f->options);
    free(yaml);
  }
}

static void without_auth_type_what_is_there_decides(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             "clouds: {prod: {auth: {auth_url: 'http://k', "
             "application_credential_id: c, application_credential_secret: "
             "hush}}}\n");
  assert_string_equal(cloud_of(f, "")->session.credential_id, "c");
  plugin_options_clear(&f->options);
  write_file(f, "clouds.yaml",
             "clouds: {prod: {auth: {auth_url: 'http://k', "
             "token: hush}}}\n");
  assert_string_equal(cloud_of(f, "")->session.token, "hush");
}

static const struct {
  const char *beside, *regions; /* "One Two" */
} region_cases[] = {
    {"    region_name: One,Two\n", "One Two"},
    {"    region_name: [One, Two]\n", "One Two"},
    {"    region_name: ''\n", ""},
    {"    region-name: One\n", "One"},
    {"    regions: [One, null, '', Two]\n", "One Two"},
    {"    regions: []\n", ""},
    {"    regions: [Two]\n    region_name: One\n", "Two"},
    {"    profile: two\n", "Two"},
    {"    profile: two\n    region_name: One\n", "One"},
};

static void regions_are_those_of_openstacksdk(void **state) {
  struct fixture *f = *state;
  char *public = path_of(f, "clouds-public.yaml");
  write_file(f, "clouds-public.yaml",
             "public-clouds: {two: {regions: [Two], region_name: One}}\n");
  setenv("OS_CLIENT_VENDOR_FILE", public, 1);
  for (size_t i = 0; i < sizeof(region_cases) / sizeof(region_cases[0]); i++) {
    char got[100] = "";
    char *yaml = text_printf("%s%s", PROD, region_cases[i].beside);
    write_file(f, "clouds.yaml", yaml);
    const struct text_list *regions = &cloud_of(f, "")->session.regions;
    for (size_t k = 0; k < regions->n; k++)
      snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
               k > 0 ? " " : "", regions->items[k]);
    assert_string_equal(got, region_cases[i].regions);
    plugin_options_clear(&f->options);
    free(yaml);
  }
  free(public);
}

static void services_have_several_names(void **state) {
  struct fixture *f = *state;
  char *public = path_of(f, "clouds-public.yaml");
  write_file(f, "clouds-public.yaml",
             "public-clouds: {v: {image_endpoint_override: http://x, "
             "dns_endpoint_override: http://x}}\n");
  setenv("OS_CLIENT_VENDOR_FILE", public, 1);
  write_file(f, "clouds.yaml",
             PROD "    profile: v\n    image_endpoint_override: http://i\n"
                  "    dns_endpoint_override: null\n"
                  "    volume-endpoint-override: http://b\n"
                  "    share_endpoint: http://s\n"
                  "    image_endpoint: http://older\n");
  const struct text_list *list = &cloud_of(f, "")->session.endpoints;
  assert_int_equal(list->n, 3);
  assert_string_equal(list->items[0], "image=http://i");
  assert_string_equal(list->items[1], "block-storage=http://b");
  assert_string_equal(list->items[2], "shared-file-system=http://s");
  free(public);
}

/* YAML's own: "<<" takes what a map does not say from others. */
static void maps_may_be_merged(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             "x: &x {auth_url: 'http://k', user_id: x, project_id: x}\n"
             "y: &y {<<: *x, user_id: y, password: hush}\n"
             "z: &z {project_id: z}\n"
             "clouds:\n  prod:\n    auth:\n      <<: [*z, *y]\n"
             "      token: hush\n    <<: {region_name: One}\n");
  const struct session_config *s = &cloud_of(f, "")->session;
  assert_string_equal(s->auth_url, "http://k");
  assert_string_equal(s->user_id, "y");
  assert_string_equal(s->project_id, "z");
  assert_string_equal(s->regions.items[0], "One");
  plugin_options_clear(&f->options);
  /* One that merges itself has nothing new to say. */
  write_file(f, "clouds.yaml",
             "clouds:\n  prod: &p\n    <<: *p\n    auth: &a\n      <<: [*a]\n"
             "      auth_url: http://k\n      user_id: u\n"
             "      password: hush\n      project_id: p\n");
  assert_string_equal(cloud_of(f, "")->session.user_id, "u");
}

static void files_may_be_at_home(void **state) {
  struct fixture *f = *state;
  char *want = path_of(f, "cert.pem");
  char *home = strdup(getenv("HOME"));
  setenv("HOME", f->folder, 1);
  write_file(f, "cert.pem", "-----BEGIN CERTIFICATE-----\n");
  write_file(f, "clouds.yaml", PROD "    cacert: ~/cert.pem\n");
  assert_string_equal(cloud_of(f, "")->http.ca_cert, want);
  plugin_options_clear(&f->options);
  write_file(f, "clouds.yaml", PROD "    verify: ~/cert.pem\n");
  assert_string_equal(cloud_of(f, "")->http.ca_cert, want);
  assert_true(f->options.clouds[0]->http.verify_peer);
  setenv("HOME", home, 1);
  free(home);
  free(want);
}

/* secure.yaml is laid over clouds.yaml, in "auth" and beside it. */
static void files_are_laid_over_each_other(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml", PROD "    region_name: One\n");
  write_file(f, "secure.yaml",
             "clouds: {prod: {password: hush-not-this, region_name: null}}\n");
  const struct cloud_config *c = cloud_of(f, "");
  assert_string_equal(c->session.password, "hush-hush");
  assert_int_equal(c->session.regions.n, 0);
  plugin_options_clear(&f->options);
  write_file(f, "clouds.yaml", "clouds: {other: {}}\n");
  write_file(f, "secure.yaml", PROD);
  assert_string_equal(cloud_of(f, "")->session.username, "collectd");
}

/* Whichever of them is there, if none before it is. */
static void files_are_searched_for(void **state) {
  static const char *const places[] = {
      "xdg/openstack", "home/.config/openstack", "dirs/openstack"};
  struct fixture *f = *state;
  char *home = strdup(getenv("HOME"));
  const char *const variables[] = {"XDG_CONFIG_HOME", "HOME",
                                   "XDG_CONFIG_DIRS"};
  for (int i = 0; i < 3; i++) {
    char *top = text_printf("%s/%.*s", f->folder, (int)strcspn(places[i], "/"),
                            places[i]);
    setenv(variables[i], top, 1);
    free(top);
  }
  assert_int_equal(system("mkdir -p xdg/openstack home/.config/openstack "
                          "dirs/openstack"),
                   0);
  for (int i = 2; i >= 0; i--) {
    char *name = text_printf("%s/clouds.yaml", places[i]);
    char *yaml = text_printf("clouds: {prod: {auth: {auth_url: 'http://k', "
                             "user_id: u%d, password: hush, project_id: p}}}",
                             i);
    write_file(f, name, yaml);
    if (read_cloud(f, "prod", "") != 0)
      fail_msg("%s", heard_line(heard_lines() - 1, NULL));
    assert_int_equal(f->options.clouds[0]->session.user_id[1], '0' + i);
    plugin_options_clear(&f->options);
    free(name);
    free(yaml);
  }
  assert_int_equal(system("rm -r xdg home dirs"), 0);
  unsetenv("XDG_CONFIG_HOME");
  unsetenv("XDG_CONFIG_DIRS");
  setenv("HOME", home, 1);
  free(home);
}

static void the_environment_is_a_cloud(void **state) {
  struct fixture *f = *state;
  setenv("OS_AUTH_URL", "https://env.example", 1);
  setenv("OS_USERNAME", "collectd", 1);
  setenv("OS_PASSWORD", "hush-env", 1);
  setenv("OS_PROJECT_NAME", "service", 1);
  setenv("OS_REGION_NAME", "One", 1);
  setenv("OS_INTERFACE", "internal", 1);
  setenv("OS_IMAGE_ENDPOINT_OVERRIDE", "http://i", 1);
  setenv("OS_CLOUD", "envvars", 1); /* none of its keys */
  if (read_cloud(f, "envvars", "") != 0)
    fail_msg("%s", heard_line(0, NULL));
  const struct session_config *s = &f->options.clouds[0]->session;
  assert_string_equal(s->auth_url, "https://env.example");
  assert_string_equal(s->password, "hush-env");
  assert_string_equal(s->regions.items[0], "One");
  assert_string_equal(s->interface, "internal");
  expect_lines(f, "cloud \"envvars\": from the environment: AuthURL, Password, "
                  "Username, ProjectName, Region, Interface, Endpoint\n");
  unsetenv("OS_IMAGE_ENDPOINT_OVERRIDE");
  unsetenv("OS_CLOUD");
}

static void a_variable_that_is_not_utf8_is_named(void **state) {
  struct fixture *f = *state;
  setenv("OS_AUTH_URL", "https://k", 1);
  setenv("OS_PASSWORD", "gr\xfchush", 1);
  int status = read_cloud(f, "envvars", "");
  unsetenv("OS_PASSWORD");
  assert_int_equal(status, -1);
  expect_lines(f,
               "config: <Cloud \"envvars\">: the environment: OS_PASSWORD is "
               "not UTF-8\n");
}

static void with_auth_url_no_file_is_looked_into(void **state) {
  struct fixture *f = *state;
  setenv("OS_CLIENT_CONFIG_FILE", "/no/such/file", 1);
  assert_int_equal(read_cloud(f, "prod",
                              "AuthURL \"https://k\"\nUserID \"u\"\n"
                              "Password \"hush\"\nProjectID \"p\"\n"),
                   0);
  assert_int_equal(heard_lines(), 0);
}

/* ---- what is refused ---------------------------------------------------- */

static const struct {
  const char *yaml, *line; /* behind the block's name; %s is the folder */
} wrong[] = {
    {"clouds: {other: {}, [x]: {}, more: {}}\n",
     "%s/clouds.yaml: has no cloud \"prod\"; it has other, more"},
    {"clouds: [prod]\n", "%s/clouds.yaml: has no cloud \"prod\""},
    {"clouds: {prod: 7}\n", "%s/clouds.yaml: has no cloud \"prod\""},
    {"", "%s/clouds.yaml: has no cloud \"prod\""},
    {"- hush\n- hush\n", "%s/clouds.yaml: has no cloud \"prod\""},
    {"clouds:\n  prod:\n    auth: {password: hush\n",
     "%s/clouds.yaml: line 4: did not find expected ',' or '}'"},
    {"clouds:\n\tprod: hush\n",
     "%s/clouds.yaml: line 2: found character that cannot start any token"},
    {"clouds:\n  prod:\n    auth:\n      password: hush\374\n",
     "%s/clouds.yaml: line 4: is not UTF-8"},
    {PROD "    auth_type: v3oidcpassword\n",
     "%s/clouds.yaml: auth_type \"v3oidcpassword\" is not supported; password, "
     "v3password, token, v3token and v3applicationcredential are"},
    {PROD "    identity_api_version: 2.0\n",
     "%s/clouds.yaml: identity_api_version \"2.0\" is not supported; 3 is"},
    {"clouds:\n  prod:\n    auth: {auth_url: 'http://k', user_id: u, password: "
     "hush, project_id: p, trust_id: t}\n",
     "%s/clouds.yaml: trust_id and project_id contradict each other"},
    {PROD "    interface: [internal, public]\n",
     "%s/clouds.yaml: interface: expected a text, not a list"},
    {PROD "    image_endpoint_override: 'http://{region_name}'\n",
     "%s/clouds.yaml: image_endpoint_override \"http://{region_name}\": "
     "{names} "
     "are not filled in"},
    {PROD "    cacert: /no/such/ca\n",
     "%s/clouds.yaml: cacert \"/no/such/ca\": cannot be read: No such file or "
     "directory"},
    {PROD "    verify: maybe\n",
     "%s/clouds.yaml: verify \"maybe\": must be an absolute path: the daemon "
     "changes its folder"},
    {PROD "    cert: cert.pem\n",
     "%s/clouds.yaml: cert \"cert.pem\": must be an absolute path: the daemon "
     "changes its folder"},
    {PROD "    key: key.pem\n",
     "%s/clouds.yaml: key \"key.pem\": must be an absolute path: the daemon "
     "changes its folder"},
    {PROD "    cacert: clouds.yaml\n",
     "%s/clouds.yaml: cacert \"clouds.yaml\": must be an absolute path: the "
     "daemon changes its folder"},
    {PROD "    cacert: /etc/passwd\n",
     "%s/clouds.yaml: cacert \"/etc/passwd\": holds no certificate in PEM "
     "format"},
    {PROD "    image_endpoint_override: glance:9292\n",
     "%s/clouds.yaml: image_endpoint_override \"glance:9292\": must begin with "
     "https:// or http://"},
    {PROD "    dns-endpoint: http://u:hush@d\n",
     "%s/clouds.yaml: dns_endpoint \"http://(hidden)@d\": must hold no user "
     "and "
     "no password"},
    {"clouds:\n  prod:\n    auth_type: v3token\n    auth:\n      auth_url: "
     "https://k\n      token: |\n        hush\n",
     "%s/clouds.yaml: token (hidden): must have no blank, line end or control "
     "byte, and no byte beyond ASCII"},
    {"clouds:\n  prod:\n    auth_type: v3token\n    auth:\n      auth_url: "
     "https://k\n      token: \"hush\\r\\nX-Evil: 1\"\n",
     "%s/clouds.yaml: token (hidden): must have no blank, line end or control "
     "byte, and no byte beyond ASCII"},
    {PROD "    region_name: One,Two,One\n",
     "%s/clouds.yaml: region_name \"One\": given twice"},
    {PROD "    cert: [a, b]\n",
     "%s/clouds.yaml: cert: expected a text, not a list"},
    {PROD "    auth_type: {password: hush}\n",
     "%s/clouds.yaml: auth_type: expected a text, not a map"},
    {PROD "      token: [hush]\n",
     "%s/clouds.yaml: token: expected a text, not a list"},
    {PROD "    profile: [x]\n", "%s/clouds.yaml: profile: expected a text"},
    {PROD "    image_endpoint_override: {a: b}\n",
     "%s/clouds.yaml: image_endpoint_override: expected a text, not a map"},
    {PROD "    region_name: {a: b}\n",
     "%s/clouds.yaml: region_name: expected a text or a list"},
    {PROD "    regions: One\n", "%s/clouds.yaml: regions: expected a list"},
    {PROD "    regions: [One, [Two]]\n",
     "%s/clouds.yaml: regions: expected a text, not a list"},
    {PROD "    regions: [One, {values: {a: b}}]\n",
     "%s/clouds.yaml: regions: expected a text, not a map"},
    {"clouds:\n  prod:\n    auth: hush\n",
     "%s/clouds.yaml: auth: expected a map"},
    {"clouds:\n  prod:\n    auth: {auth_url: 'https://k/v2.0'}\n",
     "%s/clouds.yaml: auth_url \"https://k/v2.0\": is Keystone's v2.0; v3 is "
     "needed"},
    {PROD "    interface: sideways\n",
     "%s/clouds.yaml: interface \"sideways\": expected one of public, "
     "internal, admin"},
    {"clouds:\n  prod:\n    auth: {auth_url: 'k:5000', user_id: u, password: "
     "hush, project_id: p}\n",
     "%s/clouds.yaml: auth_url \"k:5000\": must begin with https:// or "
     "http://"},
    {"clouds:\n  prod:\n    auth: {auth_url: 'https://k', user_id: u}\n",
     "Password or PasswordFile is missing"},
};

static void each_mistake_is_one_line_that_names_the_file(void **state) {
  struct fixture *f = *state;
  char *lines = text_printf("ConfigFile \"%s/clouds.yaml\"\n", f->folder);
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    char line[400] = "config: <Cloud \"prod\">: ";
    const char *text = wrong[i].line;
    bool names = strncmp(text, "%s", 2) == 0;
    size_t used = strlen(line);
    snprintf(line + used, sizeof(line) - used, "%s%s", names ? f->folder : "",
             text + (names ? 2 : 0));
    write_file(f, "clouds.yaml", wrong[i].yaml);
    assert_int_equal(read_cloud(f, "prod", lines), -1);
    assert_string_equal(heard_line(heard_lines() - 1, NULL), line);
    assert_int_equal(heard_count("*hush*"), 0);
    heard_forget();
    plugin_options_clear(&f->options);
  }
  free(lines);
}

static void a_file_that_was_named_must_be_there(void **state) {
  struct fixture *f = *state;
  setenv("OS_CLIENT_CONFIG_FILE", "/no/such/clouds.yaml", 1);
  assert_int_equal(read_cloud(f, "prod", ""), -1);
  assert_string_equal(heard_line(0, NULL),
                      "config: <Cloud \"prod\">: /no/such/clouds.yaml: cannot "
                      "be read: No such file or directory");
}

static void a_file_has_a_limit(void **state) {
  struct fixture *f = *state;
  char *lines = text_printf("ConfigFile \"%s/clouds.yaml\"\n", f->folder);
  char *text = malloc(1024 * 1024 + 100);
  memset(text, '#', 1024 * 1024 + 99);
  text[1024 * 1024 + 99] = '\0';
  write_file(f, "clouds.yaml", text);
  assert_int_equal(read_cloud(f, "prod", lines), -1);
  assert_non_null(strstr(heard_line(0, NULL), "clouds.yaml: is over 1024 KiB"));
  free(text);
  free(lines);
}

/* clouds.yaml with these lines in front is refused with this line. */
static void expect_refused(struct fixture *f, const char *yaml,
                           const char *line) {
  char *lines = text_printf("ConfigFile \"%s/clouds.yaml\"\n", f->folder);
  write_file(f, "clouds.yaml", yaml);
  assert_int_equal(read_cloud(f, "prod", lines), -1);
  assert_int_equal(heard_lines(), 1);
  if (strstr(heard_line(0, NULL), line) == NULL)
    fail_msg("%s", heard_line(0, NULL));
  heard_forget();
  plugin_options_clear(&f->options);
  free(lines);
}

/* Else 128 KiB of them would take seconds. */
static void merging_has_limits(void **state) {
  struct fixture *f = *state;
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  fputs("x: &x {", out);
  for (int i = 0; i < 1001; i++)
    fprintf(out, "k%d: , ", i);
  fputs("}\ny: {<<: *x}\n" PROD, out);
  fclose(out);
  expect_refused(f, text, "clouds.yaml: line 1: a map of over 1000 keys");
  free(text);
  out = open_memstream(&text, &size);
  fputs("x: &x {", out);
  for (int i = 0; i < 100; i++)
    fprintf(out, "k%d: , ", i);
  fputs("}\ny:\n", out);
  for (int i = 0; i < 101; i++)
    fputs("- {<<: *x}\n", out);
  fputs(PROD, out);
  fclose(out);
  expect_refused(f, text, "clouds.yaml: \"<<\" merges over 10000 keys");
  free(text);
}

static void an_entry_has_a_limit(void **state) {
  struct fixture *f = *state;
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  fputs(PROD, out);
  for (int i = 0; i < 1000; i++)
    fprintf(out, "    k%d: 1\n", i);
  fclose(out);
  expect_refused(f, text, "clouds.yaml: line 3: a map of over 1000 keys");
  free(text);
}

static void in_quotes_nothing_is_merged(void **state) {
  struct fixture *f = *state;
  write_file(f, "clouds.yaml",
             PROD "    '<<': {region_name: One}\n    \"<<\": {verify: no}\n");
  const struct cloud_config *c = cloud_of(f, "");
  assert_int_equal(c->session.regions.n, 0);
  assert_true(c->http.verify_peer);
}

static void what_is_no_file_is_not_waited_for(void **state) {
  struct fixture *f = *state;
  char *fifo = path_of(f, "clouds.yaml");
  assert_int_equal(mkfifo(fifo, 0600), 0);
  setenv("OS_CLIENT_CONFIG_FILE", fifo, 1);
  assert_int_equal(read_cloud(f, "prod", ""), -1);
  assert_non_null(
      strstr(heard_line(0, NULL), "clouds.yaml: is no regular file"));
  heard_forget();
  plugin_options_clear(&f->options);
  char *lines = text_printf("ConfigFile \"%s\"\n", fifo);
  assert_int_equal(read_cloud(f, "prod", lines), -1);
  assert_non_null(
      strstr(heard_line(0, NULL), "clouds.yaml\": is no regular file"));
  unsetenv("OS_CLIENT_CONFIG_FILE");
  free(lines);
  free(fifo);
}

static void a_profile_that_is_not_there_is_told(void **state) {
  struct fixture *f = *state;
  char *lines = text_printf("ConfigFile \"%s/clouds.yaml\"\n", f->folder);
  char *public = path_of(f, "clouds-public.yaml");
  write_file(f, "clouds.yaml", PROD "    profile: vendor\n");
  write_file(f, "clouds-public.yaml", "public-clouds: {}\n");
  setenv("OS_CLIENT_VENDOR_FILE", public, 1);
  assert_int_equal(read_cloud(f, "prod", lines), -1);
  assert_non_null(
      strstr(heard_line(0, NULL), "profile \"vendor\" is not in /tmp/"));
  free(public);
  free(lines);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(everything_an_entry_says_is_taken),
      TEST(the_block_comes_first),
      TEST(the_block_s_scope_is_the_only_one),
      TEST(secrets_may_lie_beside_it),
      TEST(of_two_the_one_in_auth_counts_with_a_warning),
      TEST(a_secret_that_everybody_may_read_is_a_warning),
      TEST(where_nothing_is_taken_the_line_says_so),
      TEST(a_profile_fills_the_gaps),
      TEST(several_regions_are_several),
      TEST(another_entry_can_be_named),
      TEST(spellings_that_openstacksdk_knows),
      TEST(other_ways_to_log_in),
      TEST(domains_are_those_of_openstacksdk),
      TEST(auth_type_says_which_login_counts),
      TEST(without_auth_type_what_is_there_decides),
      TEST(regions_are_those_of_openstacksdk),
      TEST(services_have_several_names),
      TEST(maps_may_be_merged),
      TEST(files_may_be_at_home),
      TEST(files_are_laid_over_each_other),
      TEST(files_are_searched_for),
      TEST(the_environment_is_a_cloud),
      TEST(a_variable_that_is_not_utf8_is_named),
      TEST(with_auth_url_no_file_is_looked_into),
      TEST(each_mistake_is_one_line_that_names_the_file),
      TEST(a_file_that_was_named_must_be_there),
      TEST(a_file_has_a_limit),
      TEST(merging_has_limits),
      TEST(an_entry_has_a_limit),
      TEST(in_quotes_nothing_is_merged),
      TEST(what_is_no_file_is_not_waited_for),
      TEST(a_profile_that_is_not_there_is_told),
  };
  umask(077);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  heard_forget();
  return failed;
}
