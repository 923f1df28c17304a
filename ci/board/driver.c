// Reads the images of images.bin; writes each one's class to classes.bin, and its scores to scores.bin, as 32-bit words. Prints what the
// self-test says, the instructions of a prediction, and how many bytes of the stack the functions took.
#include "board.h"
#include "net.h"

static uint8_t pixels[NET_INPUT_BYTES];
// With a word on either side that nobody may write to.
static uint32_t buffer[NET_SCRATCH_BYTES / 4 + 2];
static float scores[NET_CLASSES];

int main(void)
{
  const int32_t images = board_open("images.bin", 1);
  const int32_t class_file = board_open("classes.bin", 5), score_file = board_open("scores.bin", 5);
  uint32_t stack = 0, count = 0, sum = 0, least = UINT32_MAX, most = 0;
  uint32_t *scratch = buffer + 1;
  const uint32_t guard = 0xa5a5a5a5;
  int32_t test;
  buffer[0] = buffer[NET_SCRATCH_BYTES / 4 + 1] = guard;
  if (images < 0 || class_file < 0 || score_file < 0) return 1;
  board_stack_begin();
  test = net_selftest(scratch);
  board_print("selftest-stack", board_stack_used());
  board_print("selftest", (uint32_t)test);
  while (board_read(images, pixels, NET_INPUT_BYTES) == NET_INPUT_BYTES) {
    uint32_t ticks, used;
    int32_t class;
    board_stack_begin();
    board_ticks();
    class = net_predict(pixels, scratch);
    ticks = board_ticks();
    used = board_stack_used();
    if (used > stack) stack = used;
    net_scores(pixels, scores, scratch);
    board_write(class_file, &class, 4);
    board_write(score_file, scores, sizeof scores);
    sum += ticks;
    if (ticks < least) least = ticks;
    if (ticks > most) most = ticks;
    count++;
  }
  if (buffer[0] != guard || buffer[NET_SCRATCH_BYTES / 4 + 1] != guard) test = 4;
  board_print("images", count);
  if (count == 0) return 1;
  board_print("instructions", sum / count * 40 + sum % count * 40 / count);
  board_print("fewest", least * 40);
  board_print("most", most * 40);
  board_print("stack", stack);
  return test;
}
