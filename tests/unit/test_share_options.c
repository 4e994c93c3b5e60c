/*
 * share_options: the <Share> block of a <Cloud> block, and one line for
 * whatever is wrong in it.
 */
#include "stub/configuration.h"

#include "base/text.h"
#include "config/plugin_options.h"
#include "settings/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CLOUD                                                                  \
  "AuthURL \"https://k.example:5000/v3\"\nUsername \"collectd\"\n"             \
  "Password \"hush-hush\"\nProjectName \"service\"\n"
#define ONE "Endpoint \"https://ctl1:2379\"\n"

/* Files of the current folder, which is the program's own. */
static const struct {
  const char *name, *text;
} files[] = {
    {"cert.pem", "-----BEGIN CERTIFICATE-----\nAA==\n"},
    {"key.pem", "-----BEGIN RSA PRIVATE KEY-----\nAA==\n"},
    {"password", "hush-hush\n"},
};
enum { FILES = sizeof(files) / sizeof(files[0]) };

static char folder[] = "/tmp/test_share_options.XXXXXX";

static int make_files(void **state) {
  (void)state;
  assert_non_null(mkdtemp(folder));
  for (size_t i = 0; i < FILES; i++) {
    char *path = text_printf("%s/%s", folder, files[i].name);
    FILE *file = fopen(path, "w");
    fputs(files[i].text, file);
    fclose(file);
    chmod(path, 0600);
    free(path);
  }
  return 0;
}

static int remove_files(void **state) {
  (void)state;
  for (size_t i = 0; i < FILES; i++) {
    char *path = text_printf("%s/%s", folder, files[i].name);
    unlink(path);
    free(path);
  }
  return rmdir(folder);
}

static int setup(void **state) {
  struct plugin_options *options = calloc(1, sizeof(*options));
  *options = (struct plugin_options)PLUGIN_OPTIONS_INIT;
  heard_forget();
  *state = options;
  return 0;
}

static int teardown(void **state) {
  plugin_options_clear(*state);
  free(*state);
  return 0;
}

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

/* Reads the lines of <Cloud "prod">, behind those that it needs. */
static int read_cloud(struct plugin_options *options, const char *lines) {
  char *filled = fill_in(lines);
  char *text = text_printf("<Plugin openstack>\n<Cloud \"prod\">\n" CLOUD
                           "%s</Cloud>\n</Plugin>\n",
                           filled);
  struct config_item *root = config_text(text);
  int status =
      plugin_options_read(options, root->children, root->nchildren, &heard);
  config_text_free(root);
  free(text);
  free(filled);
  return status;
}

static int read_share(struct plugin_options *options, const char *lines) {
  char *text = text_printf("<Share>\n%s</Share>\n", lines);
  int status = read_cloud(options, text);
  free(text);
  return status;
}

static const struct share_config *share_of(struct plugin_options *options,
                                           const char *lines) {
  if (read_share(options, lines) != 0)
    fail_msg("%s", heard_line(0, NULL));
  return options->clouds[0]->share;
}

/* ---- right --------------------------------------------------------------- */

static void without_a_block_a_cloud_is_not_shared(void **state) {
  struct plugin_options *options = *state;
  assert_int_equal(read_cloud(options, ""), 0);
  assert_null(options->clouds[0]->share);
}

static void the_smallest_block_has_these_defaults(void **state) {
  const struct share_config *share = share_of(*state, ONE);
  assert_int_equal(share->etcd.endpoints.n, 1);
  assert_string_equal(share->etcd.endpoints.items[0], "https://ctl1:2379");
  assert_null(share->etcd.ca_cert);
  assert_null(share->etcd.client_cert);
  assert_null(share->etcd.client_key);
  assert_null(share->etcd.username);
  assert_null(share->etcd.password);
  assert_null(share->etcd.password_file);
  assert_string_equal(share->prefix, "/collectd-openstack");
  assert_int_equal(share->loss, SHARE_LOSS_PROOF);
  assert_int_equal(share->unit, SHARE_UNIT_LISTING);
  assert_int_equal(heard_lines(), 0);
}

static void every_key_reaches_its_member(void **state) {
  const struct share_config *share = share_of(
      *state, ONE "Endpoint \"https://[::1]:2379/\"\n"
                  "CACert \"@/cert.pem\"\nClientCert \"@/cert.pem\"\n"
                  "ClientKey \"@/key.pem\"\nUsername \"root\"\n"
                  "PasswordFile \"@/password\"\nPrefix \"/telemetry/a\"\n"
                  "EtcdLoss \"keep\"\nUnit \"cloud\"\n");
  char *key = fill_in("@/key.pem"), *cert = fill_in("@/cert.pem");
  char *password = fill_in("@/password");
  assert_int_equal(share->etcd.endpoints.n, 2);
  assert_string_equal(share->etcd.ca_cert, cert);
  assert_string_equal(share->etcd.client_cert, cert);
  assert_string_equal(share->etcd.client_key, key);
  assert_string_equal(share->etcd.username, "root");
  assert_string_equal(share->etcd.password_file, password);
  assert_string_equal(share->prefix, "/telemetry/a");
  assert_int_equal(share->loss, SHARE_LOSS_KEEP);
  assert_int_equal(share->unit, SHARE_UNIT_CLOUD);
  assert_int_equal(heard_lines(), 0);
  free(key);
  free(cert);
  free(password);
}

static void a_password_may_stand_in_the_block(void **state) {
  const struct share_config *share =
      share_of(*state, ONE "Username \"u\"\nPassword \"hush-hush\"\n");
  assert_string_equal(share->etcd.password, "hush-hush");
}

/* ---- wrong --------------------------------------------------------------- */

#define SHARE "<Share>: "
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LIKE_THIS                                                              \
  "must begin with \"/\" and not end with it: \"/collectd-openstack\""

/* Lines of <Share>, and the complaint behind the cloud's name. */
static const struct {
  const char *lines, *line;
} wrong[] = {
    {"", SHARE "Endpoint is missing: Endpoint \"https://HOST:2379\", for each "
               "member of etcd"},
    {"Endpoint \"ctl1:2379\"\n",
     SHARE "Endpoint \"ctl1:2379\": must begin with https:// or http://"},
    {"Endpoint \"https://u:hush@ctl1:2379\"\n",
     SHARE "Endpoint \"https://(hidden)@ctl1:2379\": must hold no user and no "
           "password"},
    {"Endpoint \"https://\"\n", SHARE "Endpoint \"https://\": has no host"},
    {"Endpoint \"https://ctl1:2379/v3\"\n",
     SHARE "Endpoint \"https://ctl1:2379/v3\": must have no path: "
           "https://HOST:2379"},
    {ONE ONE, SHARE "Endpoint \"https://ctl1:2379\": given twice"},
    {ONE "Endpiont \"https://ctl2:2379\"\n",
     SHARE "Endpiont (hidden): no such option; did you mean Endpoint?"},
    {ONE "Username \"u\"\n", SHARE "Password or PasswordFile is missing"},
    {ONE "Password \"hush-hush\"\n", SHARE "Username is missing"},
    {ONE "Username \"u\"\nPassword \"hush-hush\"\n"
         "PasswordFile \"@/password\"\n",
     SHARE "Password and PasswordFile contradict each other"},
    {ONE "PasswordFile \"@/none\"\n",
     SHARE "PasswordFile \"@/none\": cannot be read: No such file or "
           "directory"},
    {ONE "CACert \"@/key.pem\"\n",
     SHARE "CACert \"@/key.pem\": holds no certificate in PEM format"},
    {ONE "ClientKey \"@/key.pem\"\n", SHARE "ClientKey needs ClientCert"},
    {ONE "ClientCert \"@/cert.pem\"\n",
     SHARE "ClientCert \"@/cert.pem\": holds no private key: ClientKey is "
           "missing"},
    {ONE "Prefix \"telemetry\"\n", SHARE "Prefix \"telemetry\": " LIKE_THIS},
    {ONE "Prefix \"/\"\n", SHARE "Prefix \"/\": " LIKE_THIS},
    {ONE "Prefix \"/telemetry/\"\n",
     SHARE "Prefix \"/telemetry/\": " LIKE_THIS},
    {ONE "Prefix \"/tele metry\"\n",
     SHARE "Prefix \"/tele metry\": must have no blank or control byte, and no "
           "byte beyond ASCII"},
    {ONE "EtcdLoss \"none\"\n",
     SHARE "EtcdLoss \"none\": expected one of proof, stop, keep, all"},
    {ONE "Unit \"region\"\n",
     SHARE "Unit \"region\": expected one of cloud, listing, project"},
    {ONE "Interval 60\n", SHARE "Interval (hidden): no such option"},
};

static void complains(struct plugin_options *options, int status,
                      const char *text) {
  enum complaint_kind kind;
  char *want = fill_in(text);
  char *line = text_printf("config: <Cloud \"prod\">: %s", want);
  assert_int_equal(status, -1);
  assert_int_equal(heard_lines(), 1);
  assert_string_equal(heard_line(0, &kind), line);
  assert_int_equal(kind, COMPLAINT_WRONG);
  assert_int_equal(heard_count("*hush*"), 0);
  heard_forget();
  plugin_options_clear(options);
  free(line);
  free(want);
}

static void each_mistake_is_one_line_that_names_it(void **state) {
  struct plugin_options *options = *state;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    complains(options, read_share(options, wrong[i].lines), wrong[i].line);
}

static void a_prefix_leaves_room_for_the_rest_of_a_key(void **state) {
  struct plugin_options *options = *state;
  assert_int_equal(
      read_share(options, ONE "Prefix \"/" LONG LONG LONG LONG "\"\n"), -1);
  assert_int_equal(heard_count("*: is longer than 200 bytes"), 1);
}

static void so_is_each_mistake_outside_the_block(void **state) {
  static const struct {
    const char *lines, *line;
  } rows[] = {
      {"<Share>\n" ONE "</Share>\n<Share>\n" ONE "</Share>\n",
       SHARE "given twice"},
      {"<Share \"etcd\">\n" ONE "</Share>\n", SHARE "takes no name: <Share>"},
      {"EtcdLoss \"keep\"\n",
       "EtcdLoss (hidden): belongs in a <Share> block in this one"},
  };
  struct plugin_options *options = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    complains(options, read_cloud(options, rows[i].lines), rows[i].line);
}

static void a_block_that_is_not_in_a_cloud_is_told_where_to_go(void **state) {
  struct config_item *root =
      config_text("<Plugin openstack>\n<Share>\n" ONE "</Share>\n</Plugin>\n");
  assert_int_equal(
      plugin_options_read(*state, root->children, root->nchildren, &heard), -1);
  assert_string_equal(heard_line(0, NULL),
                      "config: <Plugin openstack>: Share: belongs in "
                      "a <Cloud> block");
  config_text_free(root);
}

/* ---- allowed, and hardly meant ------------------------------------------- */

static void what_is_hardly_meant_is_a_warning(void **state) {
  static const struct {
    const char *lines, *warning; /* NULL: none */
  } rows[] = {
      {"Endpoint \"http://ctl1:2379\"\n", NULL},
      {"Endpoint \"https://[fe80::1]:2379\"\n", NULL},
      {ONE "Endpoint \"http://ctl2:2379\"\nUsername \"u\"\n"
           "Password \"hush-hush\"\n",
       SHARE "Endpoint \"http://ctl2:2379\": is not encrypted: whoever is on "
             "the way can read the password"},
      {"Endpoint \"https://ctl1\"\n",
       SHARE "Endpoint \"https://ctl1\": names no port; etcd's is 2379"},
      {"Endpoint \"https://[fe80::1]\"\n",
       SHARE "Endpoint \"https://[fe80::1]\": names no port; etcd's is 2379"},
      {"Endpoint \"http://ctl1:2379\"\nClientCert \"@/cert.pem\"\n"
       "ClientKey \"@/key.pem\"\n",
       SHARE "ClientCert \"@/cert.pem\": is of no use: no Endpoint is "
             "https://"},
      {ONE "Prefix \"/a\"\nUsername \"u \"\nPassword \"hush-hush\"\n",
       "Username: the text in quotes begins or ends with a blank"},
  };
  struct plugin_options *options = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    enum complaint_kind kind = COMPLAINT_WARNING;
    assert_int_equal(read_share(options, rows[i].lines), 0);
    assert_int_equal(heard_lines(), rows[i].warning != NULL);
    if (rows[i].warning != NULL) {
      char *want = fill_in(rows[i].warning);
      assert_string_equal(
          heard_line(0, &kind) + strlen("config: <Cloud \"prod\">: "), want);
      free(want);
    }
    assert_int_equal(kind, COMPLAINT_WARNING);
    heard_forget();
    plugin_options_clear(options);
  }
}

/* Chosen, and of no effect. */
static void what_is_not_split_by_project_is_a_warning(void **state) {
  static const struct {
    const char *meters, *why; /* NULL: it is split */
  } rows[] = {
      {"Meter \"storage.objects\"\n", NULL},
      {"Meter \"storage.objects\"\nMeter \"storage.objects.total\"\n",
       "\"accounts\" has totals over projects"},
      {"Meter \"storage.containers.objects\"\nPluginInstanceFormat \"name\"\n",
       "\"accounts\" has values that are not named by ids"},
      {"Meter \"storage.containers.objects\"\n"
       "PluginInstanceFormat \"meter\"\nTypeInstanceFormat \"id\"\n",
       NULL},
      {"Meter \"image\"\nMeter \"compute.quota.*\"\n", NULL},
  };
  struct plugin_options *options = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const char *why = rows[i].why;
    char *lines = text_printf("%s<Share>\n" ONE "Unit \"project\"\n</Share>\n",
                              rows[i].meters);
    char *want = text_printf("*: <Share>: Unit \"project\": %s, so one daemon "
                             "walks all of it",
                             why != NULL ? why : "*");
    assert_int_equal(read_cloud(options, lines), 0);
    assert_int_equal(heard_count(want), why != NULL);
    heard_forget();
    plugin_options_clear(options);
    free(lines);
    free(want);
  }
}

static void an_interval_that_is_short_to_share_is_a_warning(void **state) {
  struct plugin_options *options = *state;
  const char *text = "*: <Share>: where the Interval is under 10 s, a daemon "
                     "that dies may leave a gap of more than two intervals";
  assert_int_equal(
      read_cloud(options, "Interval 10\n<Share>\n" ONE "</Share>\n"), 0);
  assert_int_equal(heard_count(text), 0);
  plugin_options_clear(options);
  assert_int_equal(
      read_cloud(options, "Interval 9\n<Share>\n" ONE "</Share>\n"), 0);
  assert_int_equal(heard_count(text), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
      TEST(without_a_block_a_cloud_is_not_shared),
      TEST(the_smallest_block_has_these_defaults),
      TEST(every_key_reaches_its_member),
      TEST(a_password_may_stand_in_the_block),
      TEST(each_mistake_is_one_line_that_names_it),
      TEST(a_prefix_leaves_room_for_the_rest_of_a_key),
      TEST(so_is_each_mistake_outside_the_block),
      TEST(a_block_that_is_not_in_a_cloud_is_told_where_to_go),
      TEST(what_is_hardly_meant_is_a_warning),
      TEST(what_is_not_split_by_project_is_a_warning),
      TEST(an_interval_that_is_short_to_share_is_a_warning),
  };
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
