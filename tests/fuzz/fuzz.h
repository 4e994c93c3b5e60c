/* fuzz - what every fuzzer has: libFuzzer's door, and a claim that must hold */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), never compiled out. */
#define CLAIM(what)                                                            \
  do {                                                                         \
    if (!(what))                                                               \
      __builtin_trap();                                                        \
  } while (0)

#endif
