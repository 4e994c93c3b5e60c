/* What name_format.h promises. */
#include "meter/name_format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct name_values values = {
    .of = {[NAME_CLOUD] = "prod",
           [NAME_REGION] = "",
           [NAME_METER] = "volume.size",
           [NAME_ID] = "55e2107d",
           [NAME_NAME] = "my disk",
           [NAME_PROJECT] = "p1",
           [NAME_PROJECT_NAME] = "web",
           [NAME_DOMAIN_NAME] = "shop",
           [NAME_RESOURCE_TYPE] = "volumes",
           [NAME_FIELD] = "in use",
           [NAME_FIELD + 1] = NULL,
           [NAME_FIELD + 2] = "a/b"}};

static void words_become_their_values(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"id", "55e2107d"},
      {"project_name name", "web:my_disk"},
      {"domain_name project_name", "shop:web"},
      {"  Name\tID ", "my_disk:55e2107d"},
      {"cloud region project", "prod:p1"}, /* no region, no user */
      {"region user", ""},
      {"user", ""},
      {"resource_type meter", "volumes:volume.size"},
      {"name {status}", "my_disk:in_use"},
      {"{a.b[].c}", "in_use"},
      {"{a} meter {b} {c}", "in_use:volume.size:a_b"}, /* no b */
      {"{\"a } b\".c}\tid", "in_use:55e2107d"},
      {"id id id id id id id id",
       "55e2107d:55e2107d:55e2107d:55e2107d:55e2107d:55e2107d:55e2107d:"
       "55e2107d"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct name_format format;
    struct error err = {0};
    char name[128];
    assert_int_equal(name_format_read(rows[i][0], &format, &err), 0);
    name_format_write(&format, &values, name, sizeof(name));
    assert_string_equal(name, rows[i][1]);
  }
}

#define HUNDRED                                                                \
  "0123456789012345678901234567890123456789012345678901234567890123456789"     \
  "012345678901234567890123456789"

#define SEVENTY_NINE                                                           \
  "0123456789012345678901234567890123456789012345678901234567890123456789"     \
  "012345678"

static void what_is_no_word_is_refused(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"", "there is no word in it"},
      {"  ", "there is no word in it"},
      {"id uuid",
       "no such word: \"uuid\"; the words are cloud, region, meter, id, name, "
       "project, project_name, domain_name, user, resource_type, {@owner}, "
       "{@owner_name}, {field}"},
      {"i",
       "no such word: \"i\"; the words are cloud, region, meter, id, name, "
       "project, project_name, domain_name, user, resource_type, {@owner}, "
       "{@owner_name}, {field}"},
      {"id id id id id id id id id", "more than 8 words"},
      {"id id id id id id id id {a}", "more than 8 words"},
      {"{a} {b} {c} {d} {e}", "more than 4 fields"},
      {"{status", "a brace that does not close"},
      {"{\"a}", "a brace that does not close"},
      {"id {}", "a field has 1 to 79 bytes"},
      {"{" HUNDRED "}", "a field has 1 to 79 bytes"},
      {"{" SEVENTY_NINE "0}", "a field has 1 to 79 bytes"},
      {"{a}i", "no blank behind \"}\""},
      {"{a}{b}", "no blank behind \"}\""},
      {"id{a}",
       "no such word: \"id{a}\"; the words are cloud, region, meter, id, name, "
       "project, project_name, domain_name, user, resource_type, {@owner}, "
       "{@owner_name}, {field}"},
      {"0123456789 " HUNDRED "12345",
       "no such word: \"0123456789\"; the words are cloud, region, meter, id, "
       "name, project, project_name, domain_name, user, resource_type, "
       "{@owner}, {@owner_name}, {field}"},
      {HUNDRED "12345",
       "no such word: \"" HUNDRED "\"; the words are cloud, region, meter, id, "
       "name, project, project_name, domain_name, user, resource_type, "
       "{@owner}, {@owner_name}, {field}"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct name_format format;
    struct error err = {0};
    assert_int_equal(name_format_read(rows[i][0], &format, &err), -1);
    assert_int_equal(err.code, ERROR_CONFIG);
    assert_string_equal(err.text, rows[i][1]);
  }
}

static void a_format_knows_its_words(void **state) {
  (void)state;
  struct name_format format;
  struct error err = {0};
  assert_int_equal(name_format_read("meter id", &format, &err), 0);
  assert_true(name_format_has(&format, NAME_METER));
  assert_false(name_format_has(&format, NAME_NAME));
  assert_false(name_format_has(&(struct name_format){.n = 0}, NAME_CLOUD));
  assert_false(name_format_is(&format, NAME_METER));
  assert_int_equal(name_format_read("meter", &format, &err), 0);
  assert_true(name_format_is(&format, NAME_METER));
  assert_false(name_format_is(&format, NAME_ID));
}

static void fields_are_kept_as_they_are_written(void **state) {
  (void)state;
  struct name_format format;
  struct error err = {0};
  assert_int_equal(name_format_read("{OS-X:a.B} id {^.c}", &format, &err), 0);
  assert_int_equal(format.n, 3);
  assert_int_equal(format.nfields, 2);
  assert_string_equal(format.fields[0], "OS-X:a.B");
  assert_string_equal(format.fields[1], "^.c");
  assert_true(name_format_has(&format, NAME_ID));
  assert_int_equal(name_format_read("{" SEVENTY_NINE "}", &format, &err), 0);
  assert_string_equal(format.fields[0], SEVENTY_NINE);
}

static void words_of_ids_are_words(void **state) {
  (void)state;
  struct name_format format;
  struct error err = {0};
  char text[64];
  const struct name_values some = {.of = {[NAME_PROJECT] = "p",
                                          [NAME_OWNER] = "o1",
                                          [NAME_OWNER_NAME] = "host",
                                          [NAME_FIELD] = "VCPU"}};
  assert_int_equal(name_format_read("{@owner_name} {@Owner} {@key} {@project}",
                                    &format, &err),
                   0);
  assert_int_equal(format.nfields, 1);
  assert_string_equal(format.fields[0], "@key");
  name_format_write(&format, &some, text, sizeof(text));
  assert_string_equal(text, "host:o1:VCPU:p");
}

/* However long names are, two of them stay two. */
static void long_names_stay_different(void **state) {
  (void)state;
  char name[3000], first[128], second[128];
  struct name_values long_values = {.of = {[NAME_NAME] = name}};
  struct name_format format;
  struct error err = {0};
  name_format_read("name id", &format, &err);
  memset(name, 'x', sizeof(name));
  name[sizeof(name) - 1] = '\0';
  long_values.of[NAME_ID] = "a";
  name_format_write(&format, &long_values, first, sizeof(first));
  long_values.of[NAME_ID] = "b";
  name_format_write(&format, &long_values, second, sizeof(second));
  assert_int_equal(strlen(first), 127);
  assert_string_not_equal(first, second);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_become_their_values),
      cmocka_unit_test(what_is_no_word_is_refused),
      cmocka_unit_test(a_format_knows_its_words),
      cmocka_unit_test(fields_are_kept_as_they_are_written),
      cmocka_unit_test(words_of_ids_are_words),
      cmocka_unit_test(long_names_stay_different),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
