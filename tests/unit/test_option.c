/*
 * option: one line of configuration to one member of a struct, or one line in
 * the log that says what is wrong with it.
 */
#include "stub/configuration.h"

#include "config/option.h"
#include "meter/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum color { COLOR_RED, COLOR_GREEN, COLOR_BLUE };

struct settings {
  char *text, *secret, *secret_file, *file;
  bool flag;
  int64_t seconds, milliseconds;
  size_t count;
  double number;
  const char *word;
  enum color color;
  struct text_list list, pairs;
  const char *lasting;
  struct state_list states;
};

static const char *const words[] = {"public", "internal", NULL};
static const char *const colors[] = {"red", "green", "blue", NULL};

#define ROW(name, type, member, ...)                                           \
  {                                                                            \
    .key = name, .kind = OPTION_##type,                                        \
    .offset = offsetof(struct settings, member), __VA_ARGS__                   \
  }
static const struct option options[] = {
    ROW("Text", TEXT, text),
    ROW("Secret", SECRET, secret),
    ROW("SecretFile", SECRET_FILE, secret_file),
    ROW("CAFile", FILE, file),
    ROW("Flag", SWITCH, flag),
    ROW("Interval", SECONDS, seconds, .min = 0.1, .max = 1000),
    ROW("Timeout", MILLISECONDS, milliseconds, .min = 1, .max = 5000),
    ROW("MaxConnections", COUNT, count, .min = 1, .max = 64),
    ROW("Rate", NUMBER, number, .min = 0, .max = 100),
    ROW("Interface", WORD, word, .words = words),
    ROW("Color", CHOICE, color, .words = colors),
    ROW("Region", LIST, list),
    ROW("Endpoint", PAIRS, pairs),
    ROW("Unit", CONST_TEXT, lasting),
    ROW("State", STATES, states),
};
enum { N = sizeof(options) / sizeof(options[0]) };

struct fixture {
  struct settings settings;
  struct option_block block;
  struct text_list texts;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof(*f));
  heard_forget();
  f->block = (struct option_block){.name = "<Cloud \"prod\">",
                                   .options = options,
                                   .noptions = N,
                                   .to = &heard,
                                   .texts = &f->texts};
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  options_clear(options, N, &f->settings);
  text_list_clear(&f->texts);
  free(f);
  return 0;
}

/* All lines of a configuration, up to the first that is wrong. */
static int take(struct fixture *f, const char *text) {
  struct config_item *root = config_text(text);
  int status = 0;
  for (size_t i = 0; i < root->nchildren && status == 0; i++)
    status = option_take(&f->block, &f->settings, &root->children[i]);
  config_text_free(root);
  return status;
}

static void take_well(struct fixture *f, const char *text) {
  if (take(f, text) != 0)
    fail_msg("%s: %s", text, heard_line(0, NULL));
  assert_int_equal(heard_lines(), 0);
}

/* ---- right -------------------------------------------------------------- */

static void each_kind_finds_its_member(void **state) {
  struct fixture *f = *state;
  struct settings *s = &f->settings;
  take_well(f, "Text \"some text\"\n"
               "Secret \"psst \\\"quoted\\\"\"\n"
               "CAFile \"/etc/passwd\"\n"
               "Flag true\n"
               "Interval 0.25\n"
               "Timeout 5000\n"
               "MaxConnections 64\n"
               "Rate 0.5\n"
               "Interface \"internal\"\n"
               "Color \"BLUE\"\n"
               "Region \"One\"\n"
               "Region \"Two\"\n"
               "Endpoint \"image\" \"https://glance.example/?a=b\"\n"
               "Endpoint \"dns\" \"https://dns.example\"\n");
  assert_string_equal(s->text, "some text");
  assert_string_equal(s->secret, "psst \"quoted\"");
  assert_string_equal(s->file, "/etc/passwd");
  assert_true(s->flag);
  assert_int_equal(s->seconds, 250);
  assert_int_equal(s->milliseconds, 5000);
  assert_int_equal(s->count, 64);
  assert_true(s->number == 0.5);
  assert_ptr_equal(s->word, words[1]);
  assert_int_equal(s->color, COLOR_BLUE);
  assert_int_equal(s->list.n, 2);
  assert_string_equal(s->list.items[0], "One");
  assert_string_equal(s->list.items[1], "Two");
  assert_int_equal(s->pairs.n, 2);
  assert_string_equal(s->pairs.items[0], "image=https://glance.example/?a=b");
}

static void keys_are_of_any_case(void **state) {
  struct fixture *f = *state;
  take_well(f, "tEXT \"a\"\nINTERFACE \"Public\"\n");
  assert_string_equal(f->settings.text, "a");
  assert_string_equal(f->settings.word, "public");
}

/* Operators quote numbers and switches, and collectd lets them. */
static void quoted_numbers_and_switches_count(void **state) {
  static const struct {
    const char *line;
    bool flag;
  } rows[] = {{"Flag \"true\"", true}, {"Flag \"FALSE\"", false},
              {"Flag \"yes\"", true},  {"Flag \"no\"", false},
              {"Flag \"On\"", true},   {"Flag \"off\"", false},
              {"Flag yes", true},      {"Flag off", false}};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    f->block.given = 0;
    f->settings.flag = !rows[i].flag;
    take_well(f, rows[i].line);
    assert_int_equal(f->settings.flag, rows[i].flag);
  }
  take_well(f, "Interval \"300\"\nTimeout \"1e3\"\nRate \"100\"\n");
  assert_int_equal(f->settings.seconds, 300000);
  assert_int_equal(f->settings.milliseconds, 1000);
  assert_true(f->settings.number == 100);
}

static void what_was_given_is_known(void **state) {
  struct fixture *f = *state;
  take_well(f, "Flag false\nregion \"One\"\n");
  assert_true(option_given(&f->block, "Flag"));
  assert_true(option_given(&f->block, "Region"));
  assert_false(option_given(&f->block, "Text"));
  assert_false(option_given(&f->block, "NoSuchKey"));
}

static void clearing_leaves_nothing(void **state) {
  struct fixture *f = *state;
  take_well(f, "Text \"a\"\nSecret \"b\"\nRegion \"c\"\n");
  options_clear(options, N, &f->settings);
  assert_null(f->settings.text);
  assert_null(f->settings.secret);
  assert_int_equal(f->settings.list.n, 0);
  options_clear(options, N, &f->settings); /* and again */
}

/* Rows of meters/ point to texts of their own; these point to the block's. */
static void texts_that_rows_point_to_are_the_block_s(void **state) {
  struct fixture *f = *state;
  take_well(f, "Unit \"GiB\"\nState \"ACTIVE\" 1\nState \"Error\" 2\n");
  assert_int_equal(f->texts.n, 3);
  assert_ptr_equal(f->settings.lasting, f->texts.items[0]);
  assert_string_equal(f->settings.lasting, "GiB");
  assert_int_equal(f->settings.states.n, 2);
  assert_ptr_equal(f->settings.states.items[1].text, f->texts.items[2]);
  assert_string_equal(f->settings.states.items[1].text, "error");
  options_clear(options, N, &f->settings);
  assert_null(f->settings.states.items);
  assert_string_equal(f->texts.items[2], "error");
}

/* ---- wrong -------------------------------------------------------------- */

static const struct {
  const char *text, *line;
} wrong[] = {
    {"Text", "Text: expected one string in quotes"},
    {"Text 12", "Text 12: expected one string in quotes"},
    {"Text true", "Text true: expected one string in quotes"},
    {"Text \"a\" \"b\"", "Text \"a\": expected one string in quotes"},
    {"Text \"\"", "Text \"\": must not be empty"},
    {"Text \"a\"\nText \"b\"", "Text \"b\": given twice"},
    {"<Text \"a\">\nKey 1\n</Text>", "Text \"a\": is an option, not a block"},
    {"Secret 12345", "Secret (hidden): expected one string in quotes"},
    {"Secret \"hush\" \"hush\"",
     "Secret (hidden): expected one string in quotes"},
    {"Secret \"\"", "Secret (hidden): must not be empty"},
    {"Secret \"hush\"\nSecret \"hush\"", "Secret (hidden): given twice"},
    {"<Secret \"hush\">\nKey 1\n</Secret>",
     "Secret (hidden): is an option, not a block"},
    {"CAFile \"/no/such/ca.pem\"",
     "CAFile \"/no/such/ca.pem\": cannot be read: No such file or directory"},
    {"CAFile \"/tmp\"", "CAFile \"/tmp\": is a directory"},
    {"SecretFile \"/no/such/secret\"", "SecretFile \"/no/such/secret\": cannot "
                                       "be read: No such file or directory"},
    {"CAFile \"/dev/null\"", "CAFile \"/dev/null\": is no regular file"},
    {"SecretFile \"/dev/tty\"", "SecretFile \"/dev/tty\": is no regular file"},
    {"CAFile 7", "CAFile 7: expected one string in quotes"},
    {"Flag", "Flag: expected true or false"},
    {"Flag 1", "Flag 1: expected true or false"},
    {"Flag \"maybe\"", "Flag \"maybe\": expected true or false"},
    {"Flag true false", "Flag true: expected true or false"},
    {"Interval \"5 minutes\"",
     "Interval \"5 minutes\": expected a number from 0.1 to 1000"},
    {"Interval", "Interval: expected a number from 0.1 to 1000"},
    {"Interval true", "Interval true: expected a number from 0.1 to 1000"},
    {"Interval 1 2", "Interval 1: expected a number from 0.1 to 1000"},
    {"Interval 0", "Interval 0: must be from 0.1 to 1000"},
    {"Interval -5", "Interval -5: must be from 0.1 to 1000"},
    {"Interval 1000.5", "Interval 1000.5: must be from 0.1 to 1000"},
    {"Interval \"nan\"",
     "Interval \"nan\": expected a number from 0.1 to 1000"},
    {"Interval \"0x10\"",
     "Interval \"0x10\": expected a number from 0.1 to 1000"},
    {"Interval 1e999", "Interval inf: must be from 0.1 to 1000"},
    {"Timeout 1.5", "Timeout 1.5: expected a whole number"},
    {"Timeout 5001", "Timeout 5001: must be from 1 to 5000"},
    {"MaxConnections 2.5", "MaxConnections 2.5: expected a whole number"},
    {"MaxConnections 0", "MaxConnections 0: must be from 1 to 64"},
    {"MaxConnections 65", "MaxConnections 65: must be from 1 to 64"},
    {"Rate -0.1", "Rate -0.1: must be from 0 to 100"},
    {"Interface \"outside\"",
     "Interface \"outside\": expected one of public, internal"},
    {"Interface 3", "Interface 3: expected one of public, internal"},
    {"Interface", "Interface: expected one of public, internal"},
    {"Color \"\"", "Color \"\": expected one of red, green, blue"},
    {"Region", "Region: expected one string in quotes"},
    {"Region \"\"", "Region \"\": must not be empty"},
    {"Region \"a\"\nRegion 5", "Region 5: expected one string in quotes"},
    {"Endpoint \"image\"",
     "Endpoint \"image\": expected two strings in quotes"},
    {"Endpoint \"image\" \"\"",
     "Endpoint \"image\": expected two strings in quotes"},
    {"Endpoint \"a\" 5", "Endpoint \"a\": expected two strings in quotes"},
    {"Endpoint \"a\" \"b\" \"c\"",
     "Endpoint \"a\": expected two strings in quotes"},
    {"Regoin \"hush\"", "Regoin (hidden): no such option; did you mean "
                        "Region?"},
    {"Secrt \"hush\"", "Secrt (hidden): no such option; did you mean Secret?"},
    {"MaxConnection 4",
     "MaxConnection (hidden): no such option; did you mean MaxConnections?"},
    {"Whatever", "Whatever: no such option"},
    {"Fog", "Fog: no such option"}, /* two of three letters differ from Flag */
    {"<Whatever>\nText \"a\"\n</Whatever>", "Whatever: no such option"},
};

static void each_mistake_is_one_line_that_names_it(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    char line[400];
    enum complaint_kind level;
    snprintf(line, sizeof(line), "config: <Cloud \"prod\">: %s", wrong[i].line);
    f->block.given = 0;
    assert_int_equal(take(f, wrong[i].text), -1);
    assert_int_equal(heard_lines(), 1);
    assert_string_equal(heard_line(0, &level), line);
    assert_int_equal(level, COMPLAINT_WRONG);
    assert_null(strstr(heard_line(0, NULL), "hush"));
    heard_forget();
    options_clear(options, N, &f->settings);
  }
}

/* Behind its end is the next line's secret, where a quote is missing. */
static void a_value_is_shown_on_one_line(void **state) {
  struct fixture *f = *state;
  struct config_value value = {.kind = CONFIG_TEXT,
                               .text = (char *)"a\tb c\nPassword hush"};
  const struct config_item item = {
      .key = (char *)"Interface", .values = &value, .nvalues = 1};
  assert_int_equal(option_take(&f->block, &f->settings, &item), -1);
  assert_string_equal(heard_line(0, NULL),
                      "config: <Cloud \"prod\">: Interface \"a b c ...\": "
                      "expected one of public, internal");
  assert_null(strstr(heard_line(0, NULL), "hush"));
}

/* Such a text is no name, and would be shown as one later. */
static void no_name_goes_on_in_the_next_line(void **state) {
  struct fixture *f = *state;
  struct config_value value = {.kind = CONFIG_TEXT,
                               .text = (char *)"a\nPassword hush"};
  const struct config_item item = {
      .key = (char *)"Text", .values = &value, .nvalues = 1};
  assert_int_equal(option_take(&f->block, &f->settings, &item), -1);
  assert_string_equal(
      heard_line(0, NULL),
      "config: <Cloud \"prod\">: Text \"a ...\": goes on in the "
      "next line: is a quote missing?");
}

static void a_long_value_is_cut(void **state) {
  struct fixture *f = *state;
  char text[4000];
  memset(text, 'x', sizeof(text));
  text[sizeof(text) - 1] = '\0';
  struct config_value value = {.kind = CONFIG_TEXT, .text = text};
  const struct config_item item = {
      .key = (char *)"Interface", .values = &value, .nvalues = 1};
  assert_int_equal(option_take(&f->block, &f->settings, &item), -1);
  assert_true(strlen(heard_line(0, NULL)) < 400);
}

/* ---- secrets in files --------------------------------------------------- */

static void a_secret_s_file_that_all_can_read_is_a_warning(void **state) {
  static const struct {
    mode_t mode;
    bool warned;
  } rows[] = {{0600, false}, {0640, false}, {0644, true}, {0604, true}};
  struct fixture *f = *state;
  char path[] = "/tmp/test_option.XXXXXX", text[80], line[200];
  FILE *file = fdopen(mkstemp(path), "w");
  fputs("hush-hush", file);
  fclose(file);
  snprintf(text, sizeof(text), "SecretFile \"%s\"", path);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    enum complaint_kind level = 0;
    chmod(path, rows[i].mode);
    f->block.given = 0;
    heard_forget();
    assert_int_equal(take(f, text), 0);
    assert_int_equal(heard_lines(), rows[i].warned ? 1 : 0);
    if (!rows[i].warned)
      continue;
    snprintf(line, sizeof(line),
             "config: <Cloud \"prod\">: SecretFile \"%s\": everybody on this "
             "machine may read it; chmod 0600 or 0640",
             path);
    assert_string_equal(heard_line(0, &level), line);
    assert_int_equal(level, COMPLAINT_WARNING);
  }
  unlink(path);
}

/* Each login reads it: it may be written, or mended, later. */
static void what_is_wrong_in_a_secret_s_file_is_a_warning(void **state) {
  static const struct {
    const char *secret, *before, *after; /* the file's name is between them */
  } rows[] = {
      {"", "the secret's file ", " is empty"},
      {"hush\374\n", "the secret in the file ", " is not UTF-8"},
  };
  struct fixture *f = *state;
  char path[] = "/tmp/test_option.XXXXXX", text[80], line[300];
  close(mkstemp(path));
  snprintf(text, sizeof(text), "SecretFile \"%s\"", path);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    enum complaint_kind level = 0;
    FILE *file = fopen(path, "w");
    fputs(rows[i].secret, file);
    fclose(file);
    f->block.given = 0;
    heard_forget();
    assert_int_equal(take(f, text), 0);
    assert_int_equal(heard_lines(), 1);
    snprintf(line, sizeof(line),
             "config: <Cloud \"prod\">: SecretFile \"%s\": %s%s%s", path,
             rows[i].before, path, rows[i].after);
    assert_string_equal(heard_line(0, &level), line);
    assert_int_equal(level, COMPLAINT_WARNING);
  }
  unlink(path);
}

/* "-" is "_" here, but a text's end is neither. */
static void a_pair_is_found_by_its_first(void **state) {
  (void)state;
  char text[] = "a-b=c\0=";
  const struct text_list list = {.items = (char *[]){text}, .n = 1};
  assert_true(option_has_pair(&list, "a-b"));
  assert_true(option_has_pair(&list, "a_b"));
  assert_false(option_has_pair(&list, "a"));
  assert_false(option_has_pair(&list, "a-b="));
  assert_false(option_has_pair(&list, "a-b=c-"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(each_kind_finds_its_member),
      TEST(keys_are_of_any_case),
      TEST(quoted_numbers_and_switches_count),
      TEST(what_was_given_is_known),
      TEST(clearing_leaves_nothing),
      TEST(texts_that_rows_point_to_are_the_block_s),
      TEST(a_pair_is_found_by_its_first),
      TEST(each_mistake_is_one_line_that_names_it),
      TEST(a_value_is_shown_on_one_line),
      TEST(no_name_goes_on_in_the_next_line),
      TEST(a_long_value_is_cut),
      TEST(a_secret_s_file_that_all_can_read_is_a_warning),
      TEST(what_is_wrong_in_a_secret_s_file_is_a_warning),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  heard_forget();
  return failed;
}
