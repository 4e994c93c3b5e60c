/*
 * warp - the clock, set forward
 *
 * A program that links this has its own clock_gettime(): CLOCK_MONOTONIC is
 * the kernel's and what warp() has added, for the plugin and for libcurl alike.
 * Waits in the kernel take as long as ever.
 */
#ifndef STUB_WARP_H
#define STUB_WARP_H

#include <stdint.h>

/* warp(ms): so much later. While nobody waits for a server. */
void warp(int64_t ms);

#endif
