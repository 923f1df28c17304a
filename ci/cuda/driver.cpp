// A stand-in for CUDA's driver and compiler (libcuda.so.1, libnvrtc.so.13) that runs the kernels on the processor: the text of
// `signet devices --text`, compiled as C++. It checks how Signet calls CUDA, and the text as C++, but not NVIDIA's hardware, driver and compiler.
// (NVIDIA's compiler crashes beside this driver; ci/check-ptx.py calls it.) The command line defines TEXT, the file with the text, and
// KERNELS, one with a line KERNEL_ENTRY(name) for each kernel.
#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

struct place { unsigned x; };
static place threadIdx, blockIdx;

static long long __double_as_longlong(double x) { long long bits; memcpy(&bits, &x, 8); return bits; }
static int __float_as_int(float x) { int bits; memcpy(&bits, &x, 4); return bits; }
static double __longlong_as_double(long long bits) { double x; memcpy(&x, &bits, 8); return x; }

// MARK: - Threads of a group take turns, from barrier to barrier. Each begins with a context of its own; then jumps are faster.
static const unsigned GROUP_SIZE = 256;
static ucontext_t first_turn;
static jmp_buf scheduler, threads[GROUP_SIZE];
static std::function<void()> body;
static bool is_done;

static void __syncthreads() {
  if (!_setjmp(threads[threadIdx.x])) _longjmp(scheduler, 1);
}

static void run_thread() {
  body();
  is_done = true;
  _longjmp(scheduler, 1);
}

static void run_group_with_barriers() {
  static std::vector<char> stacks(GROUP_SIZE << 16);
  static bool done[GROUP_SIZE];
  static unsigned left, turn, i;
  memset(done, 0, sizeof done);
  for (left = GROUP_SIZE, turn = 0; left > 0; turn++) {
    for (i = 0; i < GROUP_SIZE; i++) {
      if (done[i]) continue;
      threadIdx.x = i;
      if (!_setjmp(scheduler)) {
        if (turn > 0) _longjmp(threads[i], 1);
        getcontext(&first_turn);
        first_turn.uc_stack = {&stacks[i << 16], 0, 1 << 16};
        makecontext(&first_turn, run_thread, 0);
        setcontext(&first_turn);
      }
      if (is_done) done[i] = true, left--;
      is_done = false;
    }
  }
}

#define __CUDACC_RTC__
#define __global__
#define __shared__ static
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
namespace signet {
using std::fabs;
using std::copysign;
using std::fma;
#include TEXT
}

// MARK: - The driver

/// A call of a kernel with copies of its arguments.
template <class... Arguments, std::size_t... I>
static std::function<void()> bound(void (*kernel)(Arguments...), void **values, std::index_sequence<I...>) {
  return [kernel, arguments = std::make_tuple(*(Arguments *)values[I]...)] { std::apply(kernel, arguments); };
}
template <class... Arguments>
static std::function<void()> bound(void (*kernel)(Arguments...), void **values) {
  return bound(kernel, values, std::index_sequence_for<Arguments...>());
}

struct kernel { std::string name; std::function<void()> (*bind)(void **); };
static std::vector<kernel> kernels = {
#define KERNEL_ENTRY(name) {#name, [](void **values) { return bound(&signet::name, values); }},
#include KERNELS
};

// Streams. Whatever may run at another time does: by default the main stream's commands run at once, and those of other streams as late as
// possible; with SIGNET_STREAMS=early it is the other way round. So a missing wait changes results.
struct stream { std::vector<std::function<void()>> commands; size_t done = 0; };
struct event { stream *of = nullptr; size_t position = 0; };
static std::recursive_mutex one;
static stream main_stream;
static std::vector<stream *> others;

static void run(stream *of, size_t position) {
  while (of->done < position) {
    const std::function<void()> command = std::move(of->commands[of->done]);
    of->done++;
    command();
  }
}
static void run(stream *of) { run(of, of->commands.size()); }
static stream *named(stream *of) { return of ? of : &main_stream; }

static void give(stream *of, std::function<void()> command) {
  static const bool is_early = getenv("SIGNET_STREAMS") && !strcmp(getenv("SIGNET_STREAMS"), "early");
  of->commands.push_back(std::move(command));
  if ((of == &main_stream) != is_early) run(of);
}

// What the compiler makes of the text, which only the driver reads.
static const char PTX[] = "compiled";

extern "C" {
int cuInit(unsigned) { return 0; }
int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return index == 0 ? 0 : 101; }
int cuDeviceGetName(char *name, int size, int) { snprintf(name, size, "processor in place of a GPU"); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int) { *bytes = (size_t)1 << 30; return 0; }
int cuDeviceGetAttribute(int *value, int key, int) {
  *value = key == 75 ? 9 : key == 16 ? 2 : 0;
  return key == 75 || key == 76 || key == 16 ? 0 : 1;
}
int cuDevicePrimaryCtxRetain(void **context, int) { *context = &kernels; return 0; }
int cuDevicePrimaryCtxRelease_v2(int) { return 0; }
static thread_local void *current;
int cuCtxSetCurrent(void *context) { current = context; return 0; }
// As the real driver, which refuses every call of a thread that has no context.
#define NEED_CONTEXT if (!current) return 201
int cuMemAlloc_v2(uint64_t *memory, size_t bytes) { NEED_CONTEXT; *memory = (uint64_t)malloc(bytes); return 0; }
int cuMemFree_v2(uint64_t memory) { NEED_CONTEXT; free((void *)memory); return 0; }
static int copy(void *to, const void *from, size_t bytes) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  run(&main_stream);
  memcpy(to, from, bytes);
  return 0;
}
int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) { return copy((void *)to, from, bytes); }
int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) { return copy(to, (void *)from, bytes); }
int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) { return copy((void *)to, (void *)from, bytes); }
int cuModuleLoadData(void **module, const char *ptx) {
  NEED_CONTEXT;
  *module = &kernels;
  return strcmp(ptx, PTX) ? 300 : 0;
}
int cuCtxSynchronize() {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  run(&main_stream);
  for (stream *of : others) run(of);
  return 0;
}
int cuStreamCreate(stream **created, unsigned flags) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  others.push_back(*created = new stream());
  return flags == 1 ? 0 : 1;  // not one that waits for the main stream by itself
}
int cuStreamDestroy_v2(stream *of) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  run(of);
  others.erase(std::find(others.begin(), others.end(), of));
  delete of;
  return 0;
}
int cuEventCreate(event **created, unsigned) { NEED_CONTEXT; *created = new event(); return 0; }
int cuEventDestroy_v2(event *of) { NEED_CONTEXT; delete of; return 0; }
int cuEventRecord(event *of, stream *on) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  *of = {named(on), named(on)->commands.size()};
  return 0;
}
int cuStreamWaitEvent(stream *of, event *until, unsigned) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  give(named(of), [until = *until] { run(until.of, until.position); });
  return 0;
}
int cuEventQuery(event *of) {
  NEED_CONTEXT;
  const std::lock_guard<std::recursive_mutex> lock(one);
  return of->of->done >= of->position ? 0 : 600;
}
int cuModuleUnload(void *) { NEED_CONTEXT; return 0; }
int cuModuleGetFunction(void **function, void *, const char *name) {
  NEED_CONTEXT;
  for (auto &kernel : kernels)
    if (kernel.name == name) { *function = &kernel; return 0; }
  return 500;
}
int cuLaunchKernel(kernel *kernel, unsigned groups, unsigned, unsigned, unsigned size, unsigned, unsigned, unsigned, stream *on,
                   void **values, void **) {
  NEED_CONTEXT;
  if (size != GROUP_SIZE) return 1;
  const std::lock_guard<std::recursive_mutex> lock(one);
  give(named(on), [has_barriers = kernel->name.rfind("product_", 0) == 0 || kernel->name == "row_sums", groups, call = kernel->bind(values)] {
    for (blockIdx.x = 0; blockIdx.x < groups; blockIdx.x++) {
      body = call;
      if (has_barriers) run_group_with_barriers();
      else
        for (threadIdx.x = 0; threadIdx.x < GROUP_SIZE; threadIdx.x++) call();
    }
  });
  return 0;
}

// MARK: - The compiler

int nvrtcCreateProgram(std::string **program, const char *text, const char *, int, void *, void *) {
  *program = new std::string(text);
  return 0;
}
int nvrtcDestroyProgram(std::string **program) { delete *program; *program = nullptr; return 0; }
int nvrtcCompileProgram(std::string *, int count, const char *const *options) {
  std::string given;
  for (int i = 0; i < count; i++) given += std::string(options[i]) + " ";
  return given == "--gpu-architecture=compute_90 --fmad=false -default-device " ? 0 : 6;
}
int nvrtcGetProgramLogSize(std::string *, size_t *bytes) { *bytes = sizeof "wrong options"; return 0; }
int nvrtcGetProgramLog(std::string *, char *log) { strcpy(log, "wrong options"); return 0; }
int nvrtcGetPTXSize(std::string *, size_t *bytes) { *bytes = sizeof PTX; return 0; }
int nvrtcGetPTX(std::string *, char *ptx) { strcpy(ptx, PTX); return 0; }
}
