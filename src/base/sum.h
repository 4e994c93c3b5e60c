/*
 * sum - numbers added up without a rounding error
 *
 * A double cannot hold the sum of many sizes in bytes: each addition above 2^53
 * rounds. So a sum is kept as a few doubles whose bits do not overlap and which
 * add up to it exactly (J. R. Shewchuk, "Adaptive Precision Floating-Point
 * Arithmetic", 1997). It is rounded once, by sum_value().
 */
#ifndef SUM_H
#define SUM_H

#include <stdbool.h>
#include <stddef.h>

/* Whole numbers need two parts. Four parts span at least 150 bits: numbers from
 * 1e-10 to 1e20 in one sum. */
#define SUM_PARTS 4

/* Initialise with zeros: the sum is 0. */
struct sum {
  double parts[SUM_PARTS]; /* the smallest first */
  unsigned char n;
  bool lost;  /* the sum is not known; a caller may set this */
  bool below; /* one of its numbers is below 0 */
};

/* sum_add(sum, number): adds a number. A number that is not finite makes the
 * sum lost, and so does a sum beyond the range of a double. */
void sum_add(struct sum *sum, double number);

/* sum_value(sum): the double nearest to the sum (a tie goes to even); NaN if
 * the sum is lost. */
double sum_value(const struct sum *sum);

#endif
