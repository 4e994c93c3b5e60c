#include "command/conf_token.h"

#include <regex.h>
#include <string.h>

#define WORD_BYTES                                                             \
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
#define BYTE "(2(5[0-5]|[0-4][0-9])|1[0-9][0-9]|[1-9]?[0-9])"
#define PORT                                                                   \
  "(6(5(5(3[0-5]|[0-2][0-9])|[0-4][0-9][0-9])|[0-4][0-9][0-9][0-9])|"          \
  "[1-5][0-9][0-9][0-9][0-9]|[1-9][0-9]?[0-9]?[0-9]?)"
#define V4 BYTE "\\." BYTE "\\." BYTE "\\." BYTE "(:" PORT ")?"
#define HEX "[0-9A-Fa-f]{1,4}"
#define TAIL "(" HEX ":" HEX "|" V4 ")"
#define V6                                                                     \
  "((" HEX ":){6}" TAIL "|::(" HEX ":){5}" TAIL "|(" HEX ")?::(" HEX           \
  ":){4}" TAIL "|((" HEX ":){0,1}" HEX ")?::(" HEX ":){3}" TAIL "|((" HEX      \
  ":){0,2}" HEX ")?::(" HEX ":){2}" TAIL "|((" HEX ":){0,3}" HEX ")?::" HEX    \
  ":" TAIL "|((" HEX ":){0,4}" HEX ")?::" TAIL "|((" HEX ":){0,5}" HEX         \
  ")?::" HEX "|((" HEX ":){0,6}" HEX ")?::)"
#define NUMBER                                                                 \
  "([+-]?[0-9]*\\.[0-9]+([eE][+-][0-9]+)?|0[xX][0-9a-fA-F]+|[+-]?[0-9]+)"

/* What is more than words and single bytes. */
static const struct {
  enum token_kind kind;
  const char *pattern;
  const char *needs; /* one of these bytes; saves a look at the rest */
} rules[] = {
    {TOKEN_WORD, "^" V4, "."},
    {TOKEN_WORD, "^(" V6 "|\\[" V6 "\\](:" PORT ")?)", ":"},
    {TOKEN_NUMBER, "^" NUMBER, "0123456789"},
};
enum { RULES = sizeof(rules) / sizeof(rules[0]), LONGEST = 80 };

static size_t match(size_t rule, const char *at) {
  char start[LONGEST];
  regex_t regex;
  regmatch_t found;
  size_t len = strcspn(at, " \t\r\n\"<>#");
  if (len >= sizeof(start))
    len = sizeof(start) - 1;
  memcpy(start, at, len);
  start[len] = '\0';
  if (strpbrk(start, rules[rule].needs) == NULL ||
      regcomp(&regex, rules[rule].pattern, REG_EXTENDED) != 0)
    return 0;
  len = regexec(&regex, start, 1, &found, 0) == 0 ? (size_t)found.rm_eo : 0;
  regfree(&regex);
  return len;
}

static bool is_boolean(const char *at, size_t len) {
  static const char *const words[] = {"true", "yes", "on", "false",
                                      "no",   "off", NULL};
  for (size_t i = 0; words[i] != NULL; i++)
    if (strlen(words[i]) == len && strncmp(words[i], at, len) == 0)
      return true;
  return false;
}

static size_t line_end(const char *at) {
  return at[0] == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/* Up to the quote that closes it; 0: none does. */
static size_t quoted_length(const char *at) {
  for (size_t i = 1; at[i] != '\0'; i++) {
    if (at[i] == '"')
      return i + 1;
    if (at[i] == '\\' && at[i + 1] != '\0')
      i++;
  }
  return 0;
}

static const char *skip_blanks(const char *at) {
  for (;;) {
    at += strspn(at, " \t\b");
    if (at[0] == '#')
      at += strcspn(at, "\n");
    else if (at[0] == '\\' && line_end(at + 1) > 0)
      at += 1 + line_end(at + 1);
    else
      return at;
  }
}

static struct token simple_token(const char *at) {
  static const char bytes[] = "/<>";
  const char *byte = strchr(bytes, at[0]);
  if (at[0] == '\0')
    return (struct token){TOKEN_END, at, 0};
  if (line_end(at) > 0)
    return (struct token){TOKEN_LINE, at, line_end(at)};
  if (byte != NULL)
    return (struct token){TOKEN_SLASH + (enum token_kind)(byte - bytes), at, 1};
  if (at[0] == '"' && quoted_length(at) > 0)
    return (struct token){TOKEN_QUOTED, at, quoted_length(at)};
  return (struct token){TOKEN_DROPPED, at, 0};
}

struct token conf_token_next(const char *at) {
  struct token token = simple_token(at = skip_blanks(at));
  if (token.kind != TOKEN_DROPPED)
    return token;
  for (size_t i = 0; i < RULES; i++) {
    size_t len = match(i, at);
    if (len > token.len)
      token = (struct token){rules[i].kind, at, len};
  }
  size_t word = strspn(at, WORD_BYTES);
  if (word > token.len)
    token = (struct token){is_boolean(at, word) ? TOKEN_BOOLEAN : TOKEN_WORD,
                           at, word};
  if (token.len == 0)
    token.len = 1;
  return token;
}
