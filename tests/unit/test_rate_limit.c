/*
 * rate_limit: a rate that holds in every second, whatever threads ask when.
 */
#include "net/rate_limit.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SECONDS = 20, MOST = 20000 };

static int64_t passed[MOST]; /* when */
static size_t npassed;

/* Somebody asks at `now`; he comes again when he is told to, and late by up to
 * `late` ms. Returns when. */
static int64_t ask(struct rate_limit *rate_limit, int64_t now, int64_t late) {
  static unsigned seed = 1;
  int64_t wait = rate_limit_pass(rate_limit, now);
  seed = seed * 1103515245u + 12345u;
  if (wait == 0)
    passed[npassed++] = now;
  assert_true(wait >= 0);
  return now + wait + (late > 0 ? (int64_t)(seed >> 16) % (late + 1) : 0);
}

/* A crowd of `n` asks for 20 s, beginning at `start`. */
static void crowd(double rate, size_t n, int64_t late) {
  struct rate_limit *rate_limit = rate_limit_new(rate);
  const int64_t start = 1000000;
  int64_t next[8];
  npassed = 0;
  for (size_t i = 0; i < n; i++)
    next[i] = start;
  for (int64_t now = start; now < start + SECONDS * 1000; now++)
    for (size_t i = 0; i < n; i++)
      while (next[i] <= now && npassed < MOST) {
        size_t before = npassed;
        next[i] = ask(rate_limit, now, late);
        if (npassed == before)
          break;
      }
  rate_limit_free(rate_limit);
}

/* The most in any window of so many ms. */
static size_t most_within(int64_t ms) {
  size_t most = 0, from = 0;
  for (size_t i = 0; i < npassed; i++) {
    while (passed[i] - passed[from] >= ms)
      from++;
    if (i - from + 1 > most)
      most = i - from + 1;
  }
  return most;
}

static void a_second_sees_the_rate_and_no_more(void **state) {
  static const double rates[] = {0.5, 1, 7, 50, 333};
  static const int64_t lates[] = {0, 3, 40};
  (void)state;
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++)
    for (size_t l = 0; l < 3; l++)
      for (size_t n = 1; n <= 8; n *= 2) {
        crowd(rates[r], n, lates[l]);
        /* One more if the one before came late. */
        assert_true((double)most_within(1000) <= rates[r] + 1.5);
        assert_true((double)npassed <= rates[r] * SECONDS + 1.5);
      }
}

/* Who asks in time gets what was promised: milliseconds do not add up. */
static void the_rate_is_reached(void **state) {
  static const double rates[] = {0.5, 1, 7, 50, 333};
  (void)state;
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
    crowd(rates[r], 1, 0);
    assert_true((double)npassed >= rates[r] * SECONDS * 0.98);
  }
}

static void a_pause_is_no_credit(void **state) {
  (void)state;
  struct rate_limit *rate_limit = rate_limit_new(10);
  assert_int_equal(rate_limit_pass(rate_limit, 1000), 0);
  assert_true(rate_limit_pass(rate_limit, 1000) > 0);
  assert_int_equal(rate_limit_pass(rate_limit, 60000), 0); /* a minute later */
  assert_int_equal(rate_limit_pass(rate_limit, 60000), 101);
  assert_int_equal(rate_limit_pass(rate_limit, 60099), 2);
  assert_int_equal(rate_limit_pass(rate_limit, 60100), 0);
  rate_limit_free(rate_limit);
}

static void no_rate_is_no_limit(void **state) {
  (void)state;
  struct rate_limit *rate_limit = rate_limit_new(0);
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(rate_limit_pass(rate_limit, 5 - i % 2), 0);
    assert_int_equal(rate_limit_pass(NULL, 5), 0);
  }
  rate_limit_free(rate_limit);
  rate_limit_free(NULL);
}

enum { THREADS = 8 };

struct asker {
  struct rate_limit *rate_limit;
  pthread_t thread;
  int passes;
};

static void *ask_often(void *arg) {
  struct asker *a = arg;
  for (int64_t now = 0; now < 5000; now++)
    a->passes += rate_limit_pass(a->rate_limit, now) == 0;
  return NULL;
}

static void threads_share_it(void **state) {
  (void)state;
  struct rate_limit *rate_limit = rate_limit_new(20);
  struct asker askers[THREADS];
  int passes = 0;
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (struct asker){.rate_limit = rate_limit};
    pthread_create(&askers[i].thread, NULL, ask_often, &askers[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(askers[i].thread, NULL);
    passes += askers[i].passes;
  }
  assert_in_range(passes, 99, 101); /* 5 s of 20 */
  rate_limit_free(rate_limit);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_second_sees_the_rate_and_no_more),
      cmocka_unit_test(the_rate_is_reached),
      cmocka_unit_test(a_pause_is_no_credit),
      cmocka_unit_test(no_rate_is_no_limit),
      cmocka_unit_test(threads_share_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
