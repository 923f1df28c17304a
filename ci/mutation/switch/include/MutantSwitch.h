#ifndef MUTANT_SWITCH_H
#define MUTANT_SWITCH_H
#include <stdbool.h>

/// The number of the active mutant; 0: none; -1: none, and which places are reached is written down.
extern int signet_mutant;

/// Writes a place's number down, once in a process.
void signet_mutant_reach(int place);

static inline bool signet_mutant_is(int number) { return signet_mutant == number; }

/// True while reached places are written down.
static inline bool signet_mutant_reached(int place) {
  if (__builtin_expect(signet_mutant >= 0, 1)) return false;
  signet_mutant_reach(place);
  return true;
}

#endif
