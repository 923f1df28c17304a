// Which compiled variant of the kernels this process runs. Every variant gives the same bits; only the speed differs.
#ifndef SIGNET_DISPATCH_H
#define SIGNET_DISPATCH_H

/// The name of the variant in use: "plain", "avx2", "avx512" or "avx512vpopcntdq".
///
/// The fastest that the processor has is chosen when the program is loaded. The environment variable
/// SIGNET_KERNELS, set to one of these names, overrides the choice.
const char *signet_kernels_variant(void);

/// What was wrong with the value of SIGNET_KERNELS: null if nothing, else one line that says so (an unknown name, or
/// a variant that this processor cannot run). The fastest possible variant is then in use.
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
