// What a driver needs of the system it runs on: files, a clock, and how deep its stack has been.
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/// Opens a file of the host; `mode` is 1 to read and 5 to write bytes.
int32_t board_open(const char *path, uint32_t mode);

/// Reads up to `count` bytes; returns how many it has read.
uint32_t board_read(int32_t file, void *bytes, uint32_t count);

void board_write(int32_t file, const void *bytes, uint32_t count);

/// Prints `name number` and a line's end.
void board_print(const char *name, uint32_t number);

/// Ends the program: with 0 if `code` is 0, else with 1.
void board_exit(uint32_t code);

/// Ticks since the last call, each of 40 instructions; 0 where there is no such clock.
uint32_t board_ticks(void);

/// Fills the stack below the caller with a pattern, and tells how many bytes of it have been used since.
void board_stack_begin(void);
uint32_t board_stack_used(void);

int main(void);

#endif
