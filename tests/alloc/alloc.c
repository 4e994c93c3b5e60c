/*
 * The plugin as collectd runs it, but that its n-th request for memory fails,
 * for each n there is.
 *
 * alloc start|login|walk [BOUND] <CONFIGURATION   (alloc.t writes it)
 *
 * start: reading the configuration, and init
 * login: the first reading, login included
 * walk:  a later reading: all read callbacks once, as collectd -T calls them
 *
 * After each failure all that is missing must have been logged, nothing be
 * wrong, the next reading be whole and, at the end, no memory be left. The
 * objects are the plugin's own, with malloc and the like renamed (Makefile.am),
 * so that nobody else's memory fails.
 */
#include "stub/daemon.h"
#include "stub/warp.h"

#include <curl/curl.h>
#include <execinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yajl/yajl_parse.h>

void module_register(void);

/* ---- memory ------------------------------------------------------------- */

static atomic_long left = -1; /* requests until one fails; below 0: none does */
static atomic_long live;      /* blocks */
static void *where[12];       /* of the one that failed */
static int nwhere;

static bool fails(void) {
  if (atomic_load(&left) < 0 || atomic_fetch_sub(&left, 1) != 0)
    return false;
  nwhere = backtrace(where, 12);
  return true;
}

static void *counted(void *block) {
  if (block != NULL)
    atomic_fetch_add(&live, 1);
  return block;
}

void *alloc_malloc(size_t size);
void *alloc_malloc(size_t size) {
  return fails() ? NULL : counted(malloc(size));
}

void *alloc_calloc(size_t n, size_t size);
void *alloc_calloc(size_t n, size_t size) {
  return fails() ? NULL : counted(calloc(n, size));
}

void *alloc_realloc(void *block, size_t size);
void *alloc_realloc(void *block, size_t size) {
  if (fails())
    return NULL;
  return block == NULL ? counted(malloc(size)) : realloc(block, size);
}

void alloc_free(void *block);
void alloc_free(void *block) {
  if (block != NULL)
    atomic_fetch_sub(&live, 1);
  free(block);
}

char *alloc_strdup(const char *text);
char *alloc_strdup(const char *text) {
  return fails() ? NULL : counted(strdup(text));
}

char *alloc_strndup(const char *text, size_t n);
char *alloc_strndup(const char *text, size_t n) {
  return fails() ? NULL : counted(strndup(text, n));
}

int alloc_vasprintf(char **ret, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
int alloc_vasprintf(char **ret, const char *format, va_list args) {
  int n = fails() ? -1 : vasprintf(ret, format, args);
  if (n >= 0)
    counted(*ret);
  else
    *ret = (char *)-1; /* what it is then is not defined */
  return n;
}

FILE *alloc_open_memstream(char **ret, size_t *ret_size);
FILE *alloc_open_memstream(char **ret, size_t *ret_size) {
  return fails() ? NULL : counted(open_memstream(ret, ret_size));
}

struct curl_slist *alloc_curl_slist_append(struct curl_slist *list,
                                           const char *s);
struct curl_slist *alloc_curl_slist_append(struct curl_slist *list,
                                           const char *s) {
  return fails() ? NULL : curl_slist_append(list, s);
}

CURL *alloc_curl_easy_init(void);
CURL *alloc_curl_easy_init(void) { return fails() ? NULL : curl_easy_init(); }

CURLM *alloc_curl_multi_init(void);
CURLM *alloc_curl_multi_init(void) {
  return fails() ? NULL : curl_multi_init();
}

yajl_handle alloc_yajl_alloc(const yajl_callbacks *callbacks,
                             yajl_alloc_funcs *funcs, void *arg);
yajl_handle alloc_yajl_alloc(const yajl_callbacks *callbacks,
                             yajl_alloc_funcs *funcs, void *arg) {
  return fails() ? NULL : yajl_alloc(callbacks, funcs, arg);
}

/* ---- what came of it ---------------------------------------------------- */

/* Values of resources, sorted: "NAME VALUE". Those of a walk are of its time
 * and its requests. */
struct values {
  char **lines;
  size_t n;
};

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void take_values(struct values *v) {
  *v = (struct values){calloc(stub_values() + 1, sizeof(char *)), 0};
  for (size_t i = 0; i < stub_values(); i++) {
    const struct stub_value *value = stub_value(i);
    if (strchr(value->plugin_instance, ':') == NULL &&
        asprintf(&v->lines[v->n], "%s %.17g", value->name, value->value) > 0)
      v->n++;
  }
  qsort(v->lines, v->n, sizeof(char *), by_text);
}

static void free_values(struct values *v) {
  for (size_t i = 0; i < v->n; i++)
    free(v->lines[i]);
  free(v->lines);
}

/* The first of `some` that `all` lacks or has once only; NULL: none. */
static const char *beyond(const struct values *some, const struct values *all) {
  size_t i = 0, j = 0;
  while (i < some->n && j < all->n) {
    int order = strcmp(some->lines[i], all->lines[j]);
    if (order < 0)
      break;
    i += order == 0;
    j++;
  }
  return i < some->n ? some->lines[i] : NULL;
}

static struct values wanted; /* of a reading in which nothing fails */
static size_t wanted_reads;
static bool wordy = true;   /* a line is due: the same trouble has one only */
static const char *trouble; /* the first thing that was wrong */
static char trouble_text[400];

static void is_wrong(const char *what, const char *more) {
  snprintf(trouble_text, sizeof(trouble_text), "%s: %s", what, more);
  if (trouble == NULL)
    trouble = trouble_text;
}

static const char *last_line(void) {
  return stub_logs() > 0 ? stub_log(stub_logs() - 1, NULL) : "(no line)";
}

/* ---- a run -------------------------------------------------------------- */

static int read_all(void) {
  int status = 0;
  for (size_t i = 0; i < stub_reads(); i++)
    status |= stub_read(i);
  return status;
}

/* A failure may cost all, or nothing; what it costs is told. */
static void check_reading(int status) {
  struct values got;
  take_values(&got);
  const char *odd = beyond(&got, &wanted);
  if (odd != NULL)
    is_wrong("a wrong value, or one twice", odd);
  if (got.n < wanted.n && status == 0)
    is_wrong("values are missing and the reading is well", last_line());
  if (got.n < wanted.n && wordy && stub_count_logs("*out of memory*") == 0)
    is_wrong("values are missing and the log does not say why", last_line());
  free_values(&got);
}

/* By then lists of projects are old, and back-offs over. */
static void check_recovery(void) {
  struct values got;
  stub_forget_values();
  warp(11 * 60000);
  if (read_all() != 0)
    is_wrong("the next reading fails", last_line());
  take_values(&got);
  if (beyond(&got, &wanted) != NULL || got.n != wanted.n)
    is_wrong("the next reading is not whole", last_line());
  free_values(&got);
  stub_forget_values();
  stub_forget_logs();
}

static void check_start(int status) {
  if (status == 0 && stub_reads() != wanted_reads)
    is_wrong("meters are missing and the start is well", last_line());
  if (status != 0 && stub_count_logs("*out of memory*") == 0)
    is_wrong("the start fails and the log does not say why", last_line());
}

static int start(const char *config) {
  stub_reset();
  module_register();
  int status = stub_configure(config);
  return status == 0 ? stub_init() : status;
}

static void stop(void) {
  stub_free_reads();
  stub_shutdown();
  if (atomic_load(&live) != 0)
    is_wrong("memory is left", last_line());
  atomic_store(&live, 0);
}

static void read_with_failure(long n) {
  warp(11 * 60000);
  atomic_store(&left, n);
  int status = read_all();
  atomic_store(&left, -1);
  check_reading(status);
  check_recovery();
}

static void run_start(const char *config, long n) {
  atomic_store(&left, n);
  int status = start(config);
  atomic_store(&left, -1);
  check_start(status);
  stop();
}

static void run_login(const char *config, long n) {
  if (start(config) != 0)
    is_wrong("no start", last_line());
  read_with_failure(n);
  stop();
}

/* One start serves them all. */
static void run_walk(const char *config, long n) {
  (void)config;
  read_with_failure(n);
}

/* What is wanted: all that comes where nothing fails. */
static bool measure(const char *config) {
  if (start(config) != 0 || read_all() != 0) {
    is_wrong("it is not well", last_line());
    return false;
  }
  take_values(&wanted);
  wanted_reads = stub_reads();
  stub_forget_values();
  stub_forget_logs();
  printf("# %zu meters, %zu values\n", wanted_reads, wanted.n);
  return wanted.n > 0;
}

/* It crashed, or hangs: where the memory was that failed. */
static void on_signal(int number) {
  static const char text[] = "# it ends by a signal after the failure at\n";
  if (write(STDOUT_FILENO, text, sizeof(text) - 1) > 0)
    backtrace_symbols_fd(where, nwhere, STDOUT_FILENO);
  _exit(128 + number);
}

static const struct kind {
  const char *name;
  void (*run)(const char *config, long n);
} kinds[] = {{"start", run_start}, {"login", run_login}, {"walk", run_walk}};

/* For each n: how many were wrong; `ret_n` is how many there were. */
static long run_all(const struct kind *kind, const char *config, long bound,
                    long *ret_n) {
  long n = 0, wrong = 0;
  for (; n < bound; n++) {
    trouble = NULL;
    nwhere = 0;
    alarm(60); /* until then it hangs */
    kind->run(config, n);
    if (nwhere == 0 && trouble == NULL)
      break; /* there was no n-th */
    if (trouble == NULL)
      continue;
    printf("# the request %ld fails: %s\n", n, trouble);
    fflush(stdout);
    if (wrong++ < 20)
      backtrace_symbols_fd(where, nwhere, STDOUT_FILENO);
  }
  *ret_n = n;
  return wrong;
}

int main(int argc, char **argv) {
  static char config[1 << 16];
  size_t len = fread(config, 1, sizeof(config) - 1, stdin);
  long bound = argc > 2 ? atol(argv[2]) : 100000, n;
  const struct kind *kind = kinds;
  while (kind < kinds + 2 && (argc < 2 || strcmp(argv[1], kind->name) != 0))
    kind++;
  signal(SIGALRM, on_signal);
  signal(SIGSEGV, on_signal);
  signal(SIGABRT, on_signal);
  if (len == 0 || !measure(config)) {
    printf("# %s\n", trouble != NULL ? trouble : "no values");
    return 2;
  }
  wordy = kind->run != run_walk;
  if (kind->run != run_walk)
    stop();
  long wrong = run_all(kind, config, bound, &n);
  trouble = NULL;
  if (kind->run == run_walk)
    stop();
  if (trouble != NULL)
    printf("# %s\n", trouble);
  printf("%ld failures, %ld wrong\n", n, wrong + (trouble != NULL));
  free_values(&wanted);
  stub_reset();
  return wrong > 0 || n == 0 || trouble != NULL;
}
