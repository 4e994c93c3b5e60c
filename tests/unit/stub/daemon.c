#include "daemon.h"

#include "configfile.h"
#include "utils/common/common.h"
#include "utils/metadata/meta_data.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct meta_data_s {
  char *text;
};

struct line {
  int level;
  char *text;
};

struct reader {
  char name[DATA_MAX_NAME_LEN];
  cdtime_t interval;
  plugin_read_cb callback;
  user_data_t user_data;
};

static char own_name[] = "testhost";
char *hostname_g = own_name;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* for all below */
static struct stub_value **values;
static size_t nvalues;
static struct line *lines;
static size_t nlines;
static struct reader *readers;
static size_t nreaders;
static int (*config_callback)(oconfig_item_t *);
static plugin_init_cb init_callback;
static plugin_shutdown_cb shutdown_callback;
static char lacking_type[DATA_MAX_NAME_LEN];
static bool threads_refused;
static atomic_int running_threads;
static size_t refused_read = SIZE_MAX;
static double own_interval = 10, global_interval = 10;

static void die(const char *why, const char *what) {
  fprintf(stderr, "stub: %s: %s\n", why, what);
  abort();
}

/* ---- what the plugin calls ---------------------------------------------- */

char *sstrncpy(char *dest, const char *src, size_t n) {
  snprintf(dest, n, "%s", src);
  return dest;
}

int ssnprintf(char *str, size_t size, char const *format, ...) {
  va_list ap;
  va_start(ap, format);
  int len = vsnprintf(str, size, format, ap);
  va_end(ap);
  return len;
}

cdtime_t plugin_get_interval(void) { return DOUBLE_TO_CDTIME_T(own_interval); }

cdtime_t cf_get_default_interval(void) {
  return DOUBLE_TO_CDTIME_T(global_interval);
}

void plugin_log(int level, const char *format, ...) {
  static const char prefix[] = "openstack plugin: ";
  char text[1024]; /* as long as the daemon's */
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  if (strncmp(text, prefix, sizeof(prefix) - 1) != 0 || strchr(text, '\n'))
    die("a log line is not one, or lacks the prefix", text);
  pthread_mutex_lock(&lock);
  lines = realloc(lines, (nlines + 1) * sizeof(*lines));
  lines[nlines++] = (struct line){level, strdup(text + sizeof(prefix) - 1)};
  pthread_mutex_unlock(&lock);
}

meta_data_t *meta_data_create(void) {
  meta_data_t *meta = calloc(1, sizeof(*meta));
  meta->text = strdup("");
  return meta;
}

void meta_data_destroy(meta_data_t *meta) {
  if (meta != NULL)
    free(meta->text);
  free(meta);
}

int meta_data_add_string(meta_data_t *meta, const char *key,
                         const char *value) {
  char *text = NULL;
  if (asprintf(&text, "%s%s=%s\n", meta->text, key, value) < 0)
    return -1;
  free(meta->text);
  meta->text = text;
  return 0;
}

int plugin_dispatch_values(value_list_t const *vl) {
  struct stub_value *v = calloc(1, sizeof(*v));
  if (vl->values_len != 1)
    die("expected one value", vl->type);
  snprintf(v->name, sizeof(v->name), "%s/%s%s%s/%s%s%s", vl->host, vl->plugin,
           vl->plugin_instance[0] != '\0' ? "-" : "", vl->plugin_instance,
           vl->type, vl->type_instance[0] != '\0' ? "-" : "",
           vl->type_instance);
  sstrncpy(v->host, vl->host, sizeof(v->host));
  sstrncpy(v->plugin, vl->plugin, sizeof(v->plugin));
  sstrncpy(v->plugin_instance, vl->plugin_instance, sizeof(v->plugin_instance));
  sstrncpy(v->type, vl->type, sizeof(v->type));
  sstrncpy(v->type_instance, vl->type_instance, sizeof(v->type_instance));
  v->value = vl->values[0].gauge;
  v->integer = vl->values[0].derive;
  v->time = vl->time;
  v->interval = vl->interval;
  v->meta = strdup(vl->meta != NULL ? vl->meta->text : "");
  pthread_mutex_lock(&lock);
  if ((nvalues & (nvalues - 1)) == 0) /* room doubles: there may be many */
    values = realloc(values, (nvalues > 0 ? 2 * nvalues : 1) * sizeof(*values));
  values[nvalues++] = v;
  pthread_mutex_unlock(&lock);
  return 0;
}

const data_set_t *plugin_get_ds(const char *name) {
  static const char *const known[] = {"gauge", "bytes",   "objects",
                                      "count", "vcpu",    "duration",
                                      "bool",  "records", "requests"};
  static const char *const counts[] = {[DS_TYPE_COUNTER] = "counter",
                                       [DS_TYPE_GAUGE] = "",
                                       [DS_TYPE_DERIVE] = "derive",
                                       [DS_TYPE_ABSOLUTE] = "absolute"};
  static data_source_t sources[STATIC_ARRAY_SIZE(counts)];
  static data_set_t sets[STATIC_ARRAY_SIZE(counts)];
  int kind = -1;
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(known); i++)
    if (strcmp(known[i], name) == 0 && strcmp(lacking_type, name) != 0)
      kind = DS_TYPE_GAUGE;
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(counts); i++)
    if (strcmp(counts[i], name) == 0)
      kind = (int)i;
  if (kind < 0)
    return NULL;
  sources[kind] = (data_source_t){.type = kind};
  sets[kind] = (data_set_t){.type = "stub", .ds_num = 1, .ds = &sources[kind]};
  return &sets[kind];
}

struct thread {
  void *(*start)(void *);
  void *arg;
};

static void *run_thread(void *arg) {
  struct thread thread = *(struct thread *)arg;
  free(arg);
  void *result = thread.start(thread.arg);
  atomic_fetch_sub(&running_threads, 1);
  return result;
}

int plugin_thread_create(pthread_t *thread, void *(*start_routine)(void *),
                         void *arg, char const *name) {
  (void)name;
  if (threads_refused)
    return EAGAIN;
  struct thread *own = malloc(sizeof(*own));
  *own = (struct thread){.start = start_routine, .arg = arg};
  atomic_fetch_add(&running_threads, 1);
  return pthread_create(thread, NULL, run_thread, own);
}

int plugin_register_complex_config(const char *type,
                                   int (*callback)(oconfig_item_t *)) {
  if (strcmp(type, "openstack") != 0)
    die("config callback of another plugin", type);
  config_callback = callback;
  return 0;
}

int plugin_register_init(const char *name, plugin_init_cb callback) {
  (void)name;
  init_callback = callback;
  return 0;
}

int plugin_register_shutdown(const char *name, plugin_shutdown_cb callback) {
  (void)name;
  shutdown_callback = callback;
  return 0;
}

/* As the daemon does: a name comes once only, and who is refused has his user
 * data freed. */
int plugin_register_complex_read(const char *group, const char *name,
                                 plugin_read_cb callback, cdtime_t interval,
                                 user_data_t const *user_data) {
  (void)group;
  bool refuse = nreaders == refused_read;
  for (size_t i = 0; i < nreaders; i++)
    refuse = refuse || strcmp(readers[i].name, name) == 0;
  if (refuse) {
    user_data->free_func(user_data->data);
    return EINVAL;
  }
  readers = realloc(readers, (nreaders + 1) * sizeof(*readers));
  struct reader *reader = &readers[nreaders++];
  *reader = (struct reader){
      .interval = interval, .callback = callback, .user_data = *user_data};
  sstrncpy(reader->name, name, sizeof(reader->name));
  return 0;
}

/* ---- what tests ask ----------------------------------------------------- */

size_t stub_values(void) {
  pthread_mutex_lock(&lock);
  size_t n = nvalues;
  pthread_mutex_unlock(&lock);
  return n;
}

const struct stub_value *stub_value(size_t i) {
  pthread_mutex_lock(&lock);
  const struct stub_value *value = i < nvalues ? values[i] : NULL;
  pthread_mutex_unlock(&lock);
  if (value == NULL)
    die("no such value", "");
  return value;
}

const struct stub_value *stub_find(const char *name) {
  const struct stub_value *found = NULL;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < nvalues; i++)
    if (strcmp(values[i]->name, name) == 0)
      found = values[i];
  pthread_mutex_unlock(&lock);
  return found;
}

size_t stub_count_values(const char *pattern) {
  size_t n = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < nvalues; i++)
    n += fnmatch(pattern, values[i]->name, 0) == 0 ? 1 : 0;
  pthread_mutex_unlock(&lock);
  return n;
}

bool stub_wait_values(const char *pattern, size_t n) {
  const struct timespec step = {.tv_nsec = 5000000};
  for (int i = 0; i < 1000 && stub_count_values(pattern) < n; i++)
    nanosleep(&step, NULL);
  return stub_count_values(pattern) >= n;
}

size_t stub_logs(void) {
  pthread_mutex_lock(&lock);
  size_t n = nlines;
  pthread_mutex_unlock(&lock);
  return n;
}

const char *stub_log(size_t i, int *ret_level) {
  pthread_mutex_lock(&lock);
  struct line line = i < nlines ? lines[i] : (struct line){-1, "(no line)"};
  pthread_mutex_unlock(&lock);
  if (ret_level != NULL)
    *ret_level = line.level;
  return line.text;
}

size_t stub_count_logs(const char *pattern) {
  size_t n = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < nlines; i++)
    n += fnmatch(pattern, lines[i].text, 0) == 0 ? 1 : 0;
  pthread_mutex_unlock(&lock);
  return n;
}

void stub_forget_logs(void) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < nlines; i++)
    free(lines[i].text);
  free(lines);
  lines = NULL;
  nlines = 0;
  pthread_mutex_unlock(&lock);
}

int stub_configure(const char *text) {
  int status = 0;
  oconfig_item_t *root = stub_parse(text);
  for (int i = 0; i < root->children_num && status == 0; i++)
    if (strcasecmp(root->children[i].key, "Plugin") == 0)
      status = config_callback(&root->children[i]);
  stub_parse_free(root);
  return status;
}

int stub_init(void) { return init_callback(); }

int stub_shutdown(void) { return shutdown_callback(); }

size_t stub_reads(void) { return nreaders; }

const char *stub_read_name(size_t i) { return readers[i].name; }

double stub_read_interval(size_t i) {
  return CDTIME_T_TO_DOUBLE(readers[i].interval);
}

int stub_read(size_t i) { return readers[i].callback(&readers[i].user_data); }

void stub_free_reads(void) {
  for (size_t i = 0; i < nreaders; i++)
    readers[i].user_data.free_func(readers[i].user_data.data);
  free(readers);
  readers = NULL;
  nreaders = 0;
}

int stub_threads(void) { return atomic_load(&running_threads); }

void stub_lack_type(const char *type) {
  sstrncpy(lacking_type, type, sizeof(lacking_type));
}

void stub_refuse_threads(void) { threads_refused = true; }

void stub_refuse_read(size_t i) { refused_read = i; }

void stub_set_intervals(double own, double global) {
  own_interval = own;
  global_interval = global;
}

void stub_forget_values(void) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < nvalues; i++) {
    free(values[i]->meta);
    free(values[i]);
  }
  free(values);
  values = NULL;
  nvalues = 0;
  pthread_mutex_unlock(&lock);
}

void stub_reset(void) {
  stub_forget_logs();
  stub_forget_values();
  if (nreaders != 0)
    die("read callbacks were left", readers[0].name);
  lacking_type[0] = '\0';
  threads_refused = false;
  refused_read = SIZE_MAX;
  stub_set_intervals(10, 10);
}
