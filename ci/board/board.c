// QEMU's boards mps2-an385 (Cortex-M3) and mps2-an386 (Cortex-M4), and, with BOARD_USER, QEMU's user mode. Files and output go through Arm's
// semihosting.
#include "board.h"

// User mode emulates a processor with Linux, a Cortex-A, on which the instruction is another one.
#ifdef BOARD_USER
#define SEMIHOSTING "svc 0xab"
#else
#define SEMIHOSTING "bkpt 0xab"
#endif

static uint32_t semihosting(uint32_t operation, const void *arguments)
{
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile(SEMIHOSTING : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static uint32_t length(const char *text)
{
  uint32_t count = 0;
  while (text[count] != 0) count++;
  return count;
}

int32_t board_open(const char *path, uint32_t mode)
{
  const uint32_t arguments[3] = {(uint32_t)path, mode, length(path)};
  return (int32_t)semihosting(0x01, arguments);
}

uint32_t board_read(int32_t file, void *bytes, uint32_t count)
{
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)bytes, count};
  return count - semihosting(0x06, arguments);
}

void board_write(int32_t file, const void *bytes, uint32_t count)
{
  const uint32_t arguments[3] = {(uint32_t)file, (uint32_t)bytes, count};
  if (semihosting(0x05, arguments) != 0) board_exit(1);
}

void board_print(const char *name, uint32_t number)
{
  char line[64], digits[10];
  uint32_t at = 0, count = 0;
  while (name[at] != 0 && at < 40) {
    line[at] = name[at];
    at++;
  }
  line[at++] = ' ';
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count > 0) line[at++] = digits[--count];
  line[at++] = '\n';
  line[at] = 0;
  semihosting(0x04, line);
}

void board_exit(uint32_t code)
{
  semihosting(0x18, (const void *)(code == 0 ? 0x20026u : 0x20023u));
  for (;;) {}
}

#ifdef BOARD_USER

uint32_t board_ticks(void) { return 0; }
void board_stack_begin(void) {}
uint32_t board_stack_used(void) { return 0; }

__attribute__((noreturn)) void _start(void)
{
  board_exit((uint32_t)main());
  for (;;) {}
}

#else

#define SYSTICK ((volatile uint32_t *)0xe000e010)

// SysTick counts down at 25 MHz, and with -icount shift=0 an instruction takes a nanosecond.
uint32_t board_ticks(void)
{
  static uint32_t last;
  uint32_t now, passed;
  if ((SYSTICK[0] & 1) == 0) {
    SYSTICK[1] = 0xffffff;
    SYSTICK[2] = 0;
    SYSTICK[0] = 5;
  }
  now = SYSTICK[2];
  passed = (last - now) & 0xffffff;
  last = now;
  return passed;
}

extern uint32_t stack_end[], stack_begin[];
static uint32_t *painted;

__attribute__((noinline)) void board_stack_begin(void)
{
  uint32_t *word = stack_end;
  painted = (uint32_t *)__builtin_frame_address(0);
  while (word < painted - 16) *word++ = 0xdeadbeef;
}

uint32_t board_stack_used(void)
{
  const uint32_t *word = stack_end;
  while (*word == 0xdeadbeef) word++;
  return (uint32_t)(painted - word) * 4;
}

void reset(void);
extern uint32_t data_from[], data_begin[], data_end[], bss_begin[], bss_end[];

void reset(void)
{
  const uint32_t *from = data_from;
  uint32_t *to;
  for (to = data_begin; to < data_end; to++) *to = *from++;
  for (to = bss_begin; to < bss_end; to++) *to = 0;
  board_exit((uint32_t)main());
}

static void fault(void)
{
  board_print("fault", 1);
  board_exit(1);
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_begin, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault};

#endif
