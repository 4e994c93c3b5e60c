/*
 * sum - numbers added up without a rounding error
 *
 * A double cannot hold the sum of many sizes in bytes: each addition above 2^53
 * rounds. So a sum is kept as a few doubles that add up to it exactly, none of
 * whose bits overlap (J. R. Shewchuk, "Adaptive Precision Floating-Point
 * Arithmetic", 1997), and is rounded once, when somebody asks for it.
 */
#ifndef SUM_H
#define SUM_H

#include <stdbool.h>
#include <stddef.h>

/* Whole numbers need two. Four span 150 bits and more: numbers from 1e-10 to
 * 1e20 in one sum. */
#define SUM_PARTS 4

/* Begin with one of zeros: 0. */
struct sum {
  double parts[SUM_PARTS]; /* the smallest first */
  unsigned char n;
  bool lost;  /* what it comes to is not known; may be set from outside */
  bool below; /* one of its numbers is below 0 */
};

/* sum_add(sum, number): a number that is not finite loses the sum, and so does
 * a sum that leaves the range of a double. */
void sum_add(struct sum *sum, double number);

/* sum_value(sum): the double next to the sum, a tie to even; NaN if it is lost.
 */
double sum_value(const struct sum *sum);

#endif
