#include "base/sum.h"

#include <math.h>

/* a + b, rounded; the rounding error, which a double always holds, into
 * `ret_error`. */
static double add_two(double a, double b, double *ret_error) {
  double sum = a + b;
  double of_b = sum - a, of_a = sum - of_b;
  *ret_error = (a - of_a) + (b - of_b);
  return sum;
}

/* The same parts with as few gaps between their bits as can be: each takes in
 * what it can of those below it. */
static void pack_partials(struct sum *sum) {
  double rest = sum->parts[sum->n - 1], packed[SUM_PARTS];
  unsigned char n = 0;
  for (unsigned char i = sum->n - 1; i-- > 0;) {
    double error;
    double part = add_two(rest, sum->parts[i], &error);
    rest = error != 0 ? error : part;
    if (error != 0)
      packed[n++] = part;
  }
  packed[n++] = rest;
  for (unsigned char i = 0; i < n; i++)
    sum->parts[i] = packed[n - 1 - i];
  sum->n = n;
}

/* What most sums need: the one part has room for the number as well. */
static bool add_exactly(struct sum *sum, double number) {
  double error, part = add_two(number, sum->parts[0], &error);
  if (sum->n != 1 || error != 0) /* or NaN: beyond the range */
    return false;
  sum->parts[0] = part;
  return true;
}

/* The number swallows each part in turn, and leaves behind what it cannot. */
void sum_add(struct sum *sum, double number) {
  unsigned char kept = 0;
  sum->below = sum->below || number < 0;
  if (add_exactly(sum, number))
    return;
  if (sum->n == SUM_PARTS)
    pack_partials(sum);
  for (unsigned char i = 0; i < sum->n; i++) {
    double error;
    number = add_two(number, sum->parts[i], &error);
    if (error != 0)
      sum->parts[kept++] = error;
  }
  sum->lost = sum->lost || !isfinite(number) || kept == SUM_PARTS;
  if (sum->lost)
    return;
  sum->parts[kept] = number;
  sum->n = kept + 1;
}

/* From the largest down, until a part no longer fits: what is below decides
 * only a tie. */
double sum_value(const struct sum *sum) {
  double value = 0, error = 0;
  unsigned char i = sum->n;
  if (sum->lost)
    return NAN;
  while (i > 0 && error == 0)
    value = add_two(value, sum->parts[--i], &error);
  if (i == 0 || (error < 0) != (sum->parts[i - 1] < 0))
    return value;
  /* Half way, and more of the same sign behind it: away from even. */
  double twice = error * 2, further = value + twice;
  return further - value == twice ? further : value;
}
