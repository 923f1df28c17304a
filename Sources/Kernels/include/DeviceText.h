// The sources that devices compile when the program runs, as text.
#ifndef SIGNET_DEVICE_TEXT_H
#define SIGNET_DEVICE_TEXT_H

/// A source file: its name without folders, and its text, which ends with a 0.
struct signet_source {
  const char *name, *text;
};

/// Source number `index`, the first of which is the root that includes the others; null names after the last one.
struct signet_source signet_device_source(int index);

/// The elementary functions' hardest cases in float, a line each: `hard`, the function, and the bits of argument and result in hexadecimal.
const char *signet_hard_cases(void);

#endif
