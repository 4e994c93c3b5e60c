/* measure - what both programs of the bench say about themselves */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

/* Microseconds. */
struct measure {
  long cpu, wall;
};

/* How many there were until now, since the process and since the machine
 * began. */
static inline struct measure measure_now(void) {
  struct rusage usage;
  struct timespec now;
  getrusage(RUSAGE_SELF, &usage);
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (struct measure){
      .cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L +
             usage.ru_utime.tv_usec + usage.ru_stime.tv_usec,
      .wall = now.tv_sec * 1000000L + now.tv_nsec / 1000};
}

/* Most KiB resident so far. (ru_maxrss begins with the parent's.) */
static inline long measure_peak(void) {
  char line[128];
  long peak = -1;
  FILE *file = fopen("/proc/self/status", "re");
  while (file != NULL && peak < 0 && fgets(line, sizeof(line), file) != NULL)
    if (sscanf(line, "VmHWM: %ld kB", &peak) != 1)
      peak = -1;
  if (file != NULL)
    fclose(file);
  return peak;
}

/* One cycle of a program, as a line of JSON. */
static inline void measure_say(const struct measure *before,
                               unsigned long records, unsigned long requests,
                               unsigned long bytes, unsigned long logins) {
  struct measure now = measure_now();
  printf("{\"records\": %lu, \"requests\": %lu, \"bytes\": %lu, "
         "\"logins\": %lu, \"cpu\": %ld, \"wall\": %ld, \"peak\": %ld}\n",
         records, requests, bytes, logins, now.cpu - before->cpu,
         now.wall - before->wall, measure_peak());
}

#endif
