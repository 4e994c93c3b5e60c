#include "command/json.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool first; /* of its object or list */

static void put_comma(void) {
  if (!first)
    fputs(", ", stdout);
  first = false;
}

static void put_text(const char *text) {
  char *quoted = text != NULL ? text_json(text) : NULL;
  fputs(quoted != NULL ? quoted : "null", stdout);
  free(quoted);
}

static void put_key(const char *key) {
  put_comma();
  printf("\"%s\": ", key);
}

static void put_open(char bracket) {
  putchar(bracket);
  first = true;
}

static void put_close(char bracket) {
  putchar(bracket);
  first = false;
}

void json_open(void) { put_open('{'); }

void json_open_in(const char *key) {
  put_key(key);
  put_open('{');
}

void json_close(void) { put_close('}'); }

void json_list(const char *key) {
  put_key(key);
  put_open('[');
}

void json_list_end(void) { put_close(']'); }

void json_item(const char *text) {
  put_comma();
  if (text != NULL)
    put_text(text);
}

void json_text(const char *key, const char *text) {
  put_key(key);
  put_text(text);
}

void json_number(const char *key, double number) {
  put_key(key);
  if (isfinite(number))
    printf("%.15g", number);
  else
    fputs("null", stdout);
}

void json_boolean(const char *key, bool boolean) {
  put_key(key);
  fputs(boolean ? "true" : "false", stdout);
}
