/*
 * config_source: a tree of liboconfig's becomes one of ours.
 */
#include "stub/daemon.h"

#include "collectd/config_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void keys_values_and_children_are_copied(void **state) {
  oconfig_item_t *root = stub_parse("<Plugin \"openstack\" x>\n"
                                    "Text \"a\\\"b\" \"\"\nNumber 1.5\n"
                                    "Yes true\nNo false\nNone\n"
                                    "<In>\nDeep \"d\"\n</In>\n</Plugin>\n");
  struct config_item copy;
  (void)state;
  assert_int_equal(config_source_copy(&root->children[0], &copy), 0);
  stub_parse_free(root); /* the copy shares nothing with it */
  assert_string_equal(copy.key, "Plugin");
  assert_int_equal(copy.nvalues, 2);
  assert_string_equal(copy.values[0].text, "openstack");
  assert_int_equal(copy.nchildren, 6);
  const struct config_item *c = copy.children;
  assert_string_equal(c[0].key, "Text");
  assert_int_equal(c[0].values[0].kind, CONFIG_TEXT);
  assert_string_equal(c[0].values[0].text, "a\"b");
  assert_string_equal(c[0].values[1].text, "");
  assert_int_equal(c[1].values[0].kind, CONFIG_NUMBER);
  assert_true(c[1].values[0].number == 1.5);
  assert_int_equal(c[2].values[0].kind, CONFIG_BOOLEAN);
  assert_true(c[2].values[0].boolean);
  assert_false(c[3].values[0].boolean);
  assert_int_equal(c[4].nvalues, 0);
  assert_string_equal(c[5].children[0].key, "Deep");
  assert_string_equal(c[5].children[0].values[0].text, "d");
  config_tree_clear(&copy);
  assert_null(copy.key);
  assert_int_equal(copy.nchildren, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_values_and_children_are_copied),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
