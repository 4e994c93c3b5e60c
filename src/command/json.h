/*
 * json - writes JSON to standard output
 *
 * One object, flat or with objects in it, member by member. Keys are plain
 * words.
 */
#ifndef COMMAND_JSON_H
#define COMMAND_JSON_H

#include <stdbool.h>

/* An object begins, or ends. json_open_in(key): one in another. */
void json_open(void);
void json_open_in(const char *key);
void json_close(void);

void json_text(const char *key, const char *text); /* NULL: null */
void json_number(const char *key, double number);  /* NAN: null */
void json_boolean(const char *key, bool boolean);

/* A list of objects or texts begins, or ends. */
void json_list(const char *key);
void json_list_end(void);
/* In a list: what comes is one more. */
void json_item(const char *text); /* NULL: an object is opened next */

#endif
