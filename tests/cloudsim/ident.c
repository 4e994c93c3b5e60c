/*
 * Ids that look random and carry their index, so that a marker is found at
 * once, however many records there are: the last 48 bits are the index, mixed
 * reversibly; the rest is a hash of it by which a foreign id is recognised.
 */
#include <string.h>

#include "cloudsim.h"

#define MASK48 ((UINT64_C(1) << 48) - 1)
#define FACTOR UINT64_C(0x5851f42d4c95)

/* splitmix64's finalizer. */
static uint64_t mix(uint64_t x) {
  x ^= x >> 30;
  x *= UINT64_C(0xbf58476d1ce4e5b9);
  x ^= x >> 27;
  x *= UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

uint64_t ident_hash(uint64_t a, uint64_t b, uint64_t c) {
  return mix(a + UINT64_C(0x9e3779b97f4a7c15) * (b + 1) +
             UINT64_C(0xd1342543de82ef95) * (c + 1));
}

/* The inverse of an odd number modulo 2^64, by Newton's rule. */
static uint64_t inverse(uint64_t odd) {
  uint64_t x = odd;
  for (int i = 0; i < 5; i++)
    x *= 2 - odd * x;
  return x;
}

static uint64_t scramble(uint64_t x, uint64_t salt) {
  x = (x ^ salt) & MASK48;
  for (int i = 0; i < 2; i++) {
    x = x * FACTOR & MASK48;
    x ^= x >> 24;
  }
  return x;
}

static uint64_t unscramble(uint64_t x, uint64_t salt) {
  uint64_t back = inverse(FACTOR);
  for (int i = 0; i < 2; i++) {
    x ^= x >> 24;
    x = x * back & MASK48;
  }
  return (x ^ salt) & MASK48;
}

static void put_hex(char *out, uint64_t value, int digits) {
  static const char hex[] = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; i--) {
    out[i] = hex[value & 15];
    value >>= 4;
  }
}

void ident_hex(uint64_t seed, unsigned kind, uint64_t index, char out[33]) {
  uint64_t node = scramble(index, mix(seed + kind));
  uint64_t hash = ident_hash(seed, kind, node);

  put_hex(out, hash, 16);
  put_hex(out + 16, (hash >> 7 & 0x3fff) | 0x8000, 4);
  out[12] = '4'; /* version and variant, as any uuid4 */
  put_hex(out + 20, node, 12);
  out[32] = '\0';
}

void ident_uuid(uint64_t seed, unsigned kind, uint64_t index, char out[37]) {
  char hex[33];

  ident_hex(seed, kind, index, hex);
  memcpy(out, hex, 8);
  memcpy(out + 9, hex + 8, 4);
  memcpy(out + 14, hex + 12, 4);
  memcpy(out + 19, hex + 16, 4);
  memcpy(out + 24, hex + 20, 12);
  out[8] = out[13] = out[18] = out[23] = '-';
  out[36] = '\0';
}

bool ident_index(uint64_t seed, unsigned kind, const char *text, size_t len,
                 uint64_t *ret_index) {
  char hex[33], made[33];
  uint64_t node = 0;
  size_t n = 0;

  if (len != 32 && len != 36)
    return false;
  for (size_t i = 0; i < len; i++) {
    if (text[i] != '-' && n < 32)
      hex[n++] = text[i];
  }
  if (n != 32)
    return false;
  for (size_t i = 20; i < 32; i++) {
    static const char digits[] = "0123456789abcdef";
    const char *found = hex[i] != '\0' ? strchr(digits, hex[i]) : NULL;
    if (found == NULL)
      return false;
    node = node << 4 | (uint64_t)(found - digits);
  }
  node = unscramble(node, mix(seed + kind));
  ident_hex(seed, kind, node, made);
  if (memcmp(made, hex, 32) != 0)
    return false;
  *ret_index = node;
  return true;
}
