#include "command/json_writer.h"

#include <string.h>

static void put_string(FILE *out, const char *text, size_t len) {
  fputc('"', out);
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c == '\n')
      fputs("\\n", out);
    else if (c < 0x20 || c == 0x7f)
      fprintf(out, "\\u%04x", c);
    else
      fputc(c, out);
  }
  fputc('"', out);
}

static void new_line(struct json_writer *w) {
  if (!w->lines)
    return;
  fputc('\n', w->out);
  for (size_t i = 0; i < w->margin + w->depth; i++)
    fputc(' ', w->out);
}

static void lead(struct json_writer *w) {
  if (w->depth == 0)
    w->values++;
  if (!w->keyed && w->some)
    fputs(w->lines || w->compact ? "," : ", ", w->out);
  if (!w->keyed && w->depth > 0)
    new_line(w);
  w->keyed = false;
  w->some = true;
}

void json_writer_open(struct json_writer *w, bool array) {
  lead(w);
  fputc(array ? '[' : '{', w->out);
  uint64_t bit = UINT64_C(1) << w->depth++;
  w->arrays = array ? w->arrays | bit : w->arrays & ~bit;
  w->some = false;
}

void json_writer_close(struct json_writer *w) {
  bool array = (w->arrays >> --w->depth & 1) != 0;
  if (w->some)
    new_line(w);
  fputc(array ? ']' : '}', w->out);
  w->some = true;
}

void json_writer_key(struct json_writer *w, const char *text, size_t len) {
  lead(w);
  put_string(w->out, text, len);
  fputs(w->compact ? ":" : ": ", w->out);
  w->keyed = true;
}

void json_writer_scalar(struct json_writer *w, enum cell_kind kind,
                        const char *text, size_t len) {
  lead(w);
  switch (kind) {
  case CELL_STRING:
    put_string(w->out, text, len);
    break;
  case CELL_NUMBER:
    fwrite(text, 1, len, w->out);
    break;
  case CELL_TRUE:
    fputs("true", w->out);
    break;
  case CELL_FALSE:
    fputs("false", w->out);
    break;
  default:
    fputs("null", w->out);
  }
}

void json_writer_text(struct json_writer *w, const char *key,
                      const char *text) {
  json_writer_key(w, key, strlen(key));
  json_writer_scalar(w, text != NULL ? CELL_STRING : CELL_NULL, text,
                     text != NULL ? strlen(text) : 0);
}

void json_writer_number(struct json_writer *w, const char *key, double number) {
  char text[40];
  int len = snprintf(text, sizeof(text), "%.15g", number);
  json_writer_key(w, key, strlen(key));
  json_writer_scalar(w, CELL_NUMBER, text, (size_t)len);
}

void json_writer_open_in(struct json_writer *w, const char *key, bool array) {
  json_writer_key(w, key, strlen(key));
  json_writer_open(w, array);
}
