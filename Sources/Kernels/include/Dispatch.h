// Which compiled variant of the kernels this process runs. Every variant gives the same bits; only the speed differs.
#ifndef SIGNET_DISPATCH_H
#define SIGNET_DISPATCH_H

/// The name of the variant in use: "plain", "avx2", "avx512" or "avx512vpopcntdq".
///
/// The fastest variant that the processor supports is chosen when the program is loaded. The environment variable
/// SIGNET_KERNELS, set to one of these names, overrides the choice.
const char *signet_kernels_variant(void);

/// One line that says what is wrong with the value of SIGNET_KERNELS (an unknown name, or a variant that this processor
/// cannot run), in which case the fastest possible variant is in use; null if nothing is wrong.
const char *signet_kernels_variant_error(void);

/// Tells the processor that a loop is waiting for another thread.
static inline void signet_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
