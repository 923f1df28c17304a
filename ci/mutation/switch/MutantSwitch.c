#include "MutantSwitch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int signet_mutant;

static int reached = -1;
static unsigned char seen[1 << 20];

// Before the constructors of others, which may be mutated. SIGNET_MUTANT is a mutant's number; SIGNET_MUTANT_LOG is a file that gets the
// numbers of the places reached.
__attribute__((constructor(101))) static void signet_mutant_read(void) {
  const char *number = getenv("SIGNET_MUTANT"), *log = getenv("SIGNET_MUTANT_LOG");
  if (number) signet_mutant = atoi(number);
  if (!log) return;
  reached = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (reached < 0) abort();
  signet_mutant = -1;
}

void signet_mutant_reach(int place) {
  char line[16];
  if (place < 0 || place >= (int)sizeof seen || seen[place]) return;
  seen[place] = 1;
  int length = snprintf(line, sizeof line, "%d\n", place);
  if (write(reached, line, length) != length) abort();
}
