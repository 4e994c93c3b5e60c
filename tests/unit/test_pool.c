/* What pool.h promises: jobs run once, on the pool's threads, until it closes.
 * Run it under ThreadSanitizer as well. */
#include "walk/pool.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int spawn(pthread_t *thread, void *(*start)(void *), void *arg,
                 char const *name) {
  (void)name;
  return pthread_create(thread, NULL, start, arg);
}

static int spawn_nothing(pthread_t *thread, void *(*start)(void *), void *arg,
                         char const *name) {
  (void)thread, (void)start, (void)arg, (void)name;
  return 11;
}

static int spawned;

static int spawn_two(pthread_t *thread, void *(*start)(void *), void *arg,
                     char const *name) {
  return spawned++ < 2 ? spawn(thread, start, arg, name) : 11;
}

/* A job that says when it runs and ends when it is let go. */
struct held {
  struct pool_job job;
  sem_t running, go;
  atomic_int runs;
  pthread_t thread;
};

static void hold(void *arg) {
  struct held *held = arg;
  held->thread = pthread_self();
  atomic_fetch_add(&held->runs, 1);
  sem_post(&held->running);
  sem_wait(&held->go);
}

static struct pool_owner only;

static void held_init(struct held *held) {
  held->job = (struct pool_job){.run = hold, .arg = held, .owner = &only};
  atomic_init(&held->runs, 0);
  sem_init(&held->running, 0, 0);
  sem_init(&held->go, 0, 0);
}

static void held_clear(struct held *held) {
  sem_destroy(&held->running);
  sem_destroy(&held->go);
}

struct counter {
  atomic_int runs;
  sem_t *done;
};

static void count(void *arg) {
  struct counter *counter = arg;
  atomic_fetch_add(&counter->runs, 1);
  sem_post(counter->done);
}

static void every_job_runs_once(void **state) {
  (void)state;
  enum { JOBS = 5000 };
  static struct pool_job jobs[JOBS];
  static struct counter counters[JOBS];
  struct error err = {0};
  sem_t done;
  sem_init(&done, 0, 0);
  struct pool *pool = pool_new(4, 1, spawn, &err);
  assert_non_null(pool);
  for (size_t i = 0; i < JOBS; i++) {
    counters[i].done = &done;
    jobs[i] =
        (struct pool_job){.run = count, .arg = &counters[i], .owner = &only};
    assert_true(pool_submit(pool, &jobs[i]));
  }
  for (size_t i = 0; i < JOBS; i++)
    sem_wait(&done);
  pool_free(pool);
  for (size_t i = 0; i < JOBS; i++)
    assert_int_equal(atomic_load(&counters[i].runs), 1);
  sem_destroy(&done);
}

static void a_job_may_be_submitted_again_once_it_has_run(void **state) {
  (void)state;
  struct error err = {0};
  sem_t done;
  sem_init(&done, 0, 0);
  struct counter counter = {.done = &done};
  struct pool_job job = {.run = count, .arg = &counter, .owner = &only};
  struct pool *pool = pool_new(1, 1, spawn, &err);
  assert_non_null(pool);
  for (int i = 0; i < 100; i++) {
    assert_true(pool_submit(pool, &job));
    sem_wait(&done);
  }
  pool_free(pool);
  assert_int_equal(atomic_load(&counter.runs), 100);
  sem_destroy(&done);
}

static void a_hanging_job_leaves_the_other_threads_alone(void **state) {
  (void)state;
  struct error err = {0};
  struct held one, other;
  held_init(&one);
  held_init(&other);
  struct pool *pool = pool_new(2, 1, spawn, &err);
  assert_non_null(pool);
  assert_true(pool_submit(pool, &one.job));
  sem_wait(&one.running);
  assert_true(pool_submit(pool, &other.job));
  sem_wait(&other.running); /* hangs here if it waits behind the first */
  assert_false(pthread_equal(one.thread, other.thread));
  assert_false(pthread_equal(one.thread, pthread_self()));
  sem_post(&one.go);
  sem_post(&other.go);
  pool_free(pool);
  held_clear(&one);
  held_clear(&other);
}

static void nothing_begins_behind_a_close(void **state) {
  (void)state;
  struct error err = {0};
  struct held runs, waits, late;
  held_init(&runs);
  held_init(&waits);
  held_init(&late);
  struct pool *pool = pool_new(1, 1, spawn, &err);
  assert_non_null(pool);
  assert_true(pool_submit(pool, &runs.job));
  sem_wait(&runs.running);
  assert_true(pool_submit(pool, &waits.job));
  pool_close(pool);
  assert_false(pool_submit(pool, &late.job));
  sem_post(&runs.go);
  pool_free(pool);
  assert_int_equal(atomic_load(&runs.runs), 1);
  assert_int_equal(atomic_load(&waits.runs), 0);
  assert_int_equal(atomic_load(&late.runs), 0);
  held_clear(&runs);
  held_clear(&waits);
  held_clear(&late);
}

static void *let_go(void *arg) {
  struct held *held = arg;
  struct timespec pause = {.tv_nsec = 50000000};
  nanosleep(&pause, NULL);
  atomic_fetch_add(&held->runs, 100);
  sem_post(&held->go);
  return NULL;
}

static void free_waits_for_the_jobs_that_run(void **state) {
  (void)state;
  struct error err = {0};
  struct held held;
  held_init(&held);
  struct pool *pool = pool_new(3, 1, spawn, &err);
  assert_non_null(pool);
  assert_true(pool_submit(pool, &held.job));
  sem_wait(&held.running);
  pthread_t helper;
  assert_int_equal(pthread_create(&helper, NULL, let_go, &held), 0);
  pool_free(pool);
  assert_int_equal(atomic_load(&held.runs), 101);
  pthread_join(helper, NULL);
  held_clear(&held);
}

static void an_idle_pool_is_freed_at_once(void **state) {
  (void)state;
  struct error err = {0};
  for (int i = 0; i < 50; i++)
    pool_free(pool_new(4, 1, spawn, &err));
  pool_free(NULL);
}

static void fewer_threads_are_better_than_none(void **state) {
  (void)state;
  struct error err = {0};
  spawned = 0;
  struct held one, other;
  held_init(&one);
  held_init(&other);
  struct pool *pool = pool_new(8, 1, spawn_two, &err);
  assert_non_null(pool);
  assert_true(pool_submit(pool, &one.job));
  assert_true(pool_submit(pool, &other.job));
  sem_wait(&one.running);
  sem_wait(&other.running);
  sem_post(&one.go);
  sem_post(&other.go);
  pool_free(pool);
  held_clear(&one);
  held_clear(&other);
}

static void no_thread_at_all_is_an_error(void **state) {
  (void)state;
  struct error err = {0};
  assert_null(pool_new(4, 1, spawn_nothing, &err));
  assert_int_equal(err.code, ERROR_MEMORY);
  assert_string_equal(err.text, "no thread could be started");
}

/* ---- owners ------------------------------------------------------------- */

enum { HELD = 8 };

static void submit(struct pool *pool, struct held *held, size_t n,
                   struct pool_owner *owner) {
  for (size_t i = 0; i < n; i++) {
    held_init(&held[i]);
    held[i].job.owner = owner;
    assert_true(pool_submit(pool, &held[i].job));
  }
}

/* How many of them have begun, once `wanted` have, and some time later. */
static int begun(struct held *held, size_t n, int wanted) {
  const struct timespec pause = {.tv_nsec = 20000000};
  for (int tries = 0;; tries++) {
    int runs = 0;
    for (size_t i = 0; i < n; i++)
      runs += atomic_load(&held[i].runs);
    if (runs > wanted || tries == 250 || (runs == wanted && tries >= 3))
      return runs;
    nanosleep(&pause, NULL);
  }
}

static void let_all_go(struct pool *pool, struct held *held, size_t n) {
  pool_close(pool);
  for (size_t i = 0; i < n; i++)
    sem_post(&held[i].go);
}

static void clear(struct held *held, size_t n) {
  for (size_t i = 0; i < n; i++)
    held_clear(&held[i]);
}

/* Threads, owners; how many threads the first one gets for HELD jobs, and then
 * the second. */
static const struct {
  size_t workers, owners;
  int first, second;
} shares[] = {
    {4, 1, 4, 0}, /* alone it has them all */
    {4, 2, 3, 1}, {2, 2, 1, 1}, {3, 2, 2, 1},
    {1, 2, 1, 0},                             /* one thread is for all */
    {4, 3, 2, 1},                             /* and one for the third */
    {6, 3, 4, 1}, {8, 3, 6, 1}, {4, 9, 2, 1}, /* half are kept at most */
};

static void an_owner_leaves_threads_to_the_others(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
    struct held first[HELD], second[HELD];
    struct pool_owner one = {0}, other = {0};
    struct error err = {0};
    struct pool *pool =
        pool_new(shares[i].workers, shares[i].owners, spawn, &err);
    assert_non_null(pool);
    submit(pool, first, HELD, &one);
    int got = begun(first, HELD, shares[i].first);
    submit(pool, second, HELD, &other);
    int gets = begun(second, HELD, shares[i].second);
    let_all_go(pool, first, HELD);
    let_all_go(pool, second, HELD);
    pool_free(pool);
    clear(first, HELD);
    clear(second, HELD);
    if (got != shares[i].first || gets != shares[i].second)
      fail_msg("row %zu: %d and %d threads", i, got, gets);
  }
}

static void a_hanging_owner_does_not_stop_the_others(void **state) {
  (void)state;
  struct held bad[HELD];
  struct pool_owner one = {0}, other = {0};
  struct error err = {0};
  sem_t done;
  sem_init(&done, 0, 0);
  struct counter counter = {.done = &done};
  struct pool_job good = {.run = count, .arg = &counter, .owner = &other};
  struct pool *pool = pool_new(4, 2, spawn, &err);
  assert_non_null(pool);
  submit(pool, bad, HELD, &one);
  for (int i = 0; i < 100; i++) {
    assert_true(pool_submit(pool, &good));
    sem_wait(&done); /* hangs here if it waits behind them */
  }
  /* One that ends makes room for its owner's next. */
  assert_int_equal(begun(bad, HELD, 3), 3);
  sem_post(&bad[1].go);
  sem_wait(&bad[3].running);
  let_all_go(pool, bad, HELD);
  pool_free(pool);
  clear(bad, HELD);
  sem_destroy(&done);
}

/* An end that leaves its owner idle gives back the threads that were kept from
 * it, too: the next one by turns is another's, and its own may begin as well.
 */
static void one_end_may_let_two_begin(void **state) {
  (void)state;
  struct held first[2], second[2];
  struct pool_owner one = {0}, other = {0};
  struct error err = {0};
  struct pool *pool = pool_new(4, 10, spawn, &err);
  assert_non_null(pool);
  submit(pool, first, 1, &one);
  sem_wait(&first[0].running);
  submit(pool, second, 2, &other);
  submit(pool, &first[1], 1, &one);
  assert_int_equal(begun(second, 2, 1), 1);
  assert_int_equal(begun(first, 2, 1), 1);
  sem_post(&second[0].go);
  int firsts = begun(first, 2, 2);
  int seconds = begun(second, 2, 2);
  let_all_go(pool, first, 2);
  let_all_go(pool, second, 2);
  pool_free(pool);
  clear(first, 2);
  clear(second, 2);
  assert_int_equal(firsts, 2);
  assert_int_equal(seconds, 2);
}

static char order[20];

static void note(void *arg) { order[strlen(order)] = *(const char *)arg; }

static void owners_have_their_turns(void **state) {
  (void)state;
  static const char jobs[] = "aaaabbcc";
  struct pool_owner owners[3] = {0};
  struct pool_job queue[sizeof(jobs) - 1];
  struct held begin[1], end[1];
  struct error err = {0};
  struct pool *pool = pool_new(1, 3, spawn, &err);
  assert_non_null(pool);
  memset(order, 0, sizeof(order));
  submit(pool, begin, 1, &owners[0]);
  sem_wait(&begin->running);
  for (size_t i = 0; i < sizeof(jobs) - 1; i++) {
    queue[i] = (struct pool_job){
        .run = note, .arg = (char *)&jobs[i], .owner = &owners[jobs[i] - 'a']};
    assert_true(pool_submit(pool, &queue[i]));
  }
  submit(pool, end, 1, &owners[0]); /* the last one of all */
  sem_post(&begin->go);
  sem_wait(&end->running);
  assert_string_equal(order, "bcabcaaa");
  sem_post(&end->go);
  pool_free(pool);
  clear(begin, 1);
  clear(end, 1);
}

/* ---- parts of an owner -------------------------------------------------- */

/* Threads, owners, parts of the first; how many threads one part gets for HELD
 * jobs, another one of that owner then, and another owner then. */
static const struct {
  size_t workers, owners, parts;
  int part, sibling, other;
} part_shares[] = {
    {4, 1, 1, 4, 0, 0}, /* nobody to keep a thread for */
    {4, 1, 2, 3, 1, 0},  {4, 1, 3, 2, 1, 0},  {8, 1, 50, 4, 1, 0},
    {4, 2, 2, 2, 1, 1}, /* one for the other part, one for the other owner */
    {4, 2, 50, 2, 1, 1}, {8, 3, 50, 4, 1, 2}, {2, 2, 2, 1, 0, 1},
};

static void a_part_leaves_threads_to_the_others(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(part_shares) / sizeof(part_shares[0]); i++) {
    struct held held[3][HELD];
    struct pool_owner one = {0}, two = {0};
    struct error err = {0};
    struct pool *pool =
        pool_new(part_shares[i].workers, part_shares[i].owners, spawn, &err);
    assert_non_null(pool);
    struct pool_owner *parts[50] = {0};
    for (size_t j = 0; j < part_shares[i].parts; j++) {
      char name[] = {(char)('0' + j / 10), (char)('0' + j % 10), '\0'};
      parts[j] = pool_part(pool, &one, name);
      assert_ptr_equal(pool_part(pool, &one, name), parts[j]);
    }
    int got[3];
    struct pool_owner *owners[] = {parts[0], parts[1], &two};
    int wanted[] = {part_shares[i].part, part_shares[i].sibling,
                    part_shares[i].other};
    size_t n = part_shares[i].owners > 1 ? 3 : 2;
    for (size_t j = 0; j < n; j++) {
      submit(pool, held[j], HELD, owners[j] != NULL ? owners[j] : parts[0]);
      got[j] = begun(held[j], HELD, wanted[j]);
    }
    for (size_t j = 0; j < n; j++)
      let_all_go(pool, held[j], HELD);
    pool_free(pool);
    pool_owner_clear(&one);
    for (size_t j = 0; j < n; j++) {
      clear(held[j], HELD);
      if (got[j] != wanted[j])
        fail_msg("row %zu, owner %zu: %d threads, not %d", i, j, got[j],
                 wanted[j]);
    }
  }
}

/* A cloud of many regions, each with many jobs, and one of a single job. */
static void many_parts_do_not_starve_another_owner(void **state) {
  (void)state;
  enum { PARTS = 50 };
  static struct held bad[PARTS][2];
  struct pool_owner one = {0}, other = {0};
  struct error err = {0};
  sem_t done;
  sem_init(&done, 0, 0);
  struct counter counter = {.done = &done};
  struct pool_job good = {.run = count, .arg = &counter, .owner = &other};
  struct pool *pool = pool_new(4, 2, spawn, &err);
  assert_non_null(pool);
  for (int i = 0; i < PARTS; i++) {
    char name[] = {(char)('0' + i / 10), (char)('0' + i % 10), '\0'};
    submit(pool, bad[i], 2, pool_part(pool, &one, name));
  }
  for (int i = 0; i < 100; i++) {
    assert_true(pool_submit(pool, &good));
    sem_wait(&done); /* hangs here if it waits behind them */
  }
  for (int i = 0; i < PARTS; i++)
    let_all_go(pool, bad[i], 2);
  pool_free(pool);
  for (int i = 0; i < PARTS; i++)
    clear(bad[i], 2);
  pool_owner_clear(&one);
  sem_destroy(&done);
}

static void parts_have_their_turns_and_the_whole_comes_first(void **state) {
  (void)state;
  static const char jobs[] = "aaabbccWd"; /* d is another owner's */
  struct pool_owner one = {0}, other = {0};
  struct pool_job queue[sizeof(jobs) - 1];
  struct held begin[1], end[1];
  struct error err = {0};
  struct pool *pool = pool_new(1, 2, spawn, &err);
  assert_non_null(pool);
  memset(order, 0, sizeof(order));
  submit(pool, begin, 1, pool_part(pool, &one, "a"));
  sem_wait(&begin->running);
  for (size_t i = 0; i < sizeof(jobs) - 1; i++) {
    char name[] = {jobs[i], '\0'};
    struct pool_owner *owner = jobs[i] == 'W'   ? &one
                               : jobs[i] == 'd' ? &other
                                                : pool_part(pool, &one, name);
    queue[i] =
        (struct pool_job){.run = note, .arg = (char *)&jobs[i], .owner = owner};
    assert_true(pool_submit(pool, &queue[i]));
  }
  submit(pool, end, 1, pool_part(pool, &one, "a")); /* the last one of all */
  sem_post(&begin->go);
  sem_wait(&end->running);
  assert_string_equal(order, "dWbcabcaa");
  sem_post(&end->go);
  pool_free(pool);
  pool_owner_clear(&one);
  clear(begin, 1);
  clear(end, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_job_runs_once),
      cmocka_unit_test(a_job_may_be_submitted_again_once_it_has_run),
      cmocka_unit_test(a_hanging_job_leaves_the_other_threads_alone),
      cmocka_unit_test(nothing_begins_behind_a_close),
      cmocka_unit_test(free_waits_for_the_jobs_that_run),
      cmocka_unit_test(an_idle_pool_is_freed_at_once),
      cmocka_unit_test(fewer_threads_are_better_than_none),
      cmocka_unit_test(no_thread_at_all_is_an_error),
      cmocka_unit_test(an_owner_leaves_threads_to_the_others),
      cmocka_unit_test(a_hanging_owner_does_not_stop_the_others),
      cmocka_unit_test(one_end_may_let_two_begin),
      cmocka_unit_test(owners_have_their_turns),
      cmocka_unit_test(a_part_leaves_threads_to_the_others),
      cmocka_unit_test(many_parts_do_not_starve_another_owner),
      cmocka_unit_test(parts_have_their_turns_and_the_whole_comes_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
