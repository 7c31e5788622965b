/* Preloaded into a process, makes each flush of a file longer by SLOW_FLUSH_US microseconds, as a slow disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_as_long_as_told(void) {
  const char *told = getenv("SLOW_FLUSH_US");
  long micros = told == NULL ? 0 : atol(told);
  struct timespec left = {micros / 1000000, (micros % 1000000) * 1000};
  while (micros > 0 && nanosleep(&left, &left) != 0) {
  }
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(file);
  wait_as_long_as_told();
  return result;
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(file);
  wait_as_long_as_told();
  return result;
}
