/* The part of the image that is the same for every program: object headers, checks, allocation. */
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
#define NULL ((void *)0)

#pragma GCC diagnostic ignored "-Wincompatible-pointer-types"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"

/* Without debug information of their own: what they do happens in the caller's Java line. */
#define INLINE static inline __attribute__((always_inline, nodebug))
#define COLD static __attribute__((noinline, cold))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* Each fault keeps its own instruction, so that its address tells the line. */
#ifdef __clang__
#define NOMERGE __attribute__((nomerge))
#else
#define NOMERGE
#endif
#define FAULT(code) do { NOMERGE { __asm__ volatile("brk %0" :: "i"(code)); } __builtin_unreachable(); } while (0)
/* ristretto.machine.FaultCode */
#define FAULT_BOUNDS 1
#define FAULT_CAST 2
#define FAULT_DIVISION 3
#define FAULT_ARRAY_STORE 4
#define FAULT_NEGATIVE_SIZE 5
#define FAULT_UNREACHABLE 6
#define FAULT_UNCAUGHT 7
#define FAULT_HEAP 8

struct Object { uint32_t id; uint32_t length; };
/* Characters up to U+00FF, one byte each. */
struct java_lang_String { struct Object object; uint8_t text[]; };
struct Array_Z { struct Object object; uint8_t at[]; };
struct Array_B { struct Object object; int8_t at[]; };
struct Array_C { struct Object object; uint16_t at[]; };
struct Array_S { struct Object object; int16_t at[]; };
struct Array_I { struct Object object; int32_t at[]; };
struct Array_J { struct Object object; int64_t at[]; };
struct Array_L { struct Object object; void *at[]; };

#define ID(reference) (((struct Object *)(reference))->id)
#define LENGTH(array) (((struct Object *)(array))->length)
#define CHECK(condition, fault) do { if (unlikely(!(condition))) FAULT(fault); } while (0)
#define BOUNDS(array, index) CHECK((uint32_t)(index) < LENGTH(array), FAULT_BOUNDS)
/* A load from page 0, which is not mapped; clang drops the test where it knows the answer. */
#define NONNULL(reference) do { if (unlikely((void *)(reference) == NULL)) { \
    NOMERGE { __asm__ volatile("ldr wzr, [%0]" :: "r"(0L)); } __builtin_unreachable(); } } while (0)

/* clang may call these for assignments and loops. */
void *memcpy(void *restrict target, const void *restrict source, uint64_t size);
void *memmove(void *target, const void *source, uint64_t size);
void *memset(void *target, int value, uint64_t size);
int memcmp(const void *left, const void *right, uint64_t size);

/*
 * Copies: RAM only, where SCTLR_EL2.A = 0 allows any alignment. In assembly, so that clang does not
 * turn the loops into calls of the functions that they are.
 */
#define MOVE2(load, store, offset) \
  __asm__ volatile(load " %0, %1, [%2, #" #offset "]\n\t" store " %0, %1, [%3, #" #offset "]" \
      : "=&r"(first), "=&r"(second) : "r"(from), "r"(to) : "memory")
#define MOVE(load, store, width) \
  __asm__ volatile(load " %" width "0, [%1]\n\t" store " %" width "0, [%2]" : "=&r"(first) : "r"(from), "r"(to) : "memory")

static __attribute__((noinline)) void copy_up(uint8_t *to, const uint8_t *from, uint64_t size) {
  uint64_t first, second;
  for (; size >= 32; size -= 32, to += 32, from += 32) { MOVE2("ldp", "stp", 0); MOVE2("ldp", "stp", 16); }
  if (size & 16) { MOVE2("ldp", "stp", 0); to += 16; from += 16; }
  if (size & 8) { MOVE("ldr", "str", "x"); to += 8; from += 8; }
  if (size & 4) { MOVE("ldr", "str", "w"); to += 4; from += 4; }
  if (size & 2) { MOVE("ldrh", "strh", "w"); to += 2; from += 2; }
  if (size & 1) MOVE("ldrb", "strb", "w");
}

static __attribute__((noinline)) void copy_down(uint8_t *to, const uint8_t *from, uint64_t size) {
  uint64_t first, second;
  to += size;
  from += size;
  for (; size >= 16; size -= 16) { to -= 16; from -= 16; MOVE2("ldp", "stp", 0); }
  for (; size > 0; size--) { to--; from--; MOVE("ldrb", "strb", "w"); }
}

__attribute__((used)) void *memcpy(void *restrict target, const void *restrict source, uint64_t size) {
  copy_up(target, source, size);
  return target;
}

__attribute__((used)) void *memmove(void *target, const void *source, uint64_t size) {
  if ((uint64_t)target - (uint64_t)source < size) copy_down(target, source, size);
  else copy_up(target, source, size);
  return target;
}

__attribute__((used)) void *memset(void *target, int value, uint64_t size) {
  uint8_t *to = target;
  uint64_t pattern = (uint8_t)value * 0x0101010101010101UL;
  for (; size > 0 && ((uint64_t)to & 7) != 0; size--) *(volatile uint8_t *)to++ = (uint8_t)value;
  for (; size >= 16; size -= 16, to += 16) __asm__ volatile("stp %0, %0, [%1]" :: "r"(pattern), "r"(to) : "memory");
  for (; size > 0; size--) *(volatile uint8_t *)to++ = (uint8_t)value;
  return target;
}

__attribute__((used)) int memcmp(const void *left, const void *right, uint64_t size) {
  const volatile uint8_t *a = left, *b = right;
  for (; size > 0; size--, a++, b++) if (*a != *b) return *a - *b;
  return 0;
}

/* Fills RAM with zero; whole blocks with DC ZVA. */
static void memory_zero(int64_t target, int64_t size) {
  uint64_t dczid;
  uint8_t *to = (uint8_t *)target;
  uint64_t left = (uint64_t)size;
  __asm__("mrs %0, dczid_el0" : "=r"(dczid));
  uint64_t block = 4UL << (dczid & 15);
  if ((dczid & 16) == 0 && left >= 2 * block) {
    uint64_t head = -(uint64_t)to & (block - 1);
    memset(to, 0, head);
    to += head;
    left -= head;
    for (; left >= block; left -= block, to += block) __asm__ volatile("dc zva, %0" :: "r"(to) : "memory");
  }
  memset(to, 0, left);
}

/* The boot heap. */
static struct { uint64_t next, end, base; } heap;

INLINE void heap_give(int64_t base, int64_t size) {
  heap.base = (uint64_t)base;
  heap.end = (uint64_t)base + (uint64_t)size;
  __atomic_store_n(&heap.next, (uint64_t)base, __ATOMIC_RELEASE);
}
INLINE void heap_seal(void) { heap.end = 0; }
INLINE int64_t heap_used(void) { return (int64_t)(heap.next - heap.base); }

static __attribute__((noinline, nodebug)) void *allocate(uint32_t id, uint32_t length, uint64_t size) {
  size = (size + 15) & ~15UL;
  uint64_t at = __atomic_fetch_add(&heap.next, size, __ATOMIC_RELAXED);
  CHECK(at + size <= heap.end && at + size >= at, FAULT_HEAP);
  struct Object *made = memset((void *)at, 0, size);
  made->id = id;
  made->length = length;
  return made;
}

INLINE void *allocate_array(uint32_t id, int32_t length, uint64_t element) {
  CHECK(length >= 0, FAULT_NEGATIVE_SIZE);
  return allocate(id, (uint32_t)length, sizeof(struct Object) + (uint64_t)(uint32_t)length * element);
}

/* Exceptions: the one on its way, and the end of those that nobody catches. */
static struct Object *pending;
static const char *class_name(uint32_t id);
static void *exception_message(void *exception);

__attribute__((noreturn)) COLD void uncaught(const char *name, void *message) {
  register const char *x0 __asm__("x0") = name;
  register void *x1 __asm__("x1") = message;
  __asm__ volatile("brk %0" :: "i"(FAULT_UNCAUGHT), "r"(x0), "r"(x1));
  __builtin_unreachable();
}

/* Java's arithmetic where C has none. */
INLINE int32_t divide_int(int32_t a, int32_t b) {
  CHECK(b != 0, FAULT_DIVISION);
  return b == -1 ? (int32_t)(0u - (uint32_t)a) : a / b;
}
INLINE int32_t remainder_int(int32_t a, int32_t b) {
  CHECK(b != 0, FAULT_DIVISION);
  return b == -1 ? 0 : a % b;
}
INLINE int64_t divide_long(int64_t a, int64_t b) {
  CHECK(b != 0, FAULT_DIVISION);
  return b == -1 ? (int64_t)(0ul - (uint64_t)a) : a / b;
}
INLINE int64_t remainder_long(int64_t a, int64_t b) {
  CHECK(b != 0, FAULT_DIVISION);
  return b == -1 ? 0 : a % b;
}
INLINE uint64_t nonzero(uint64_t b) { CHECK(b != 0, FAULT_DIVISION); return b; }
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/*
 * The address of a symbol of the linker. The end of the image and the stacks may be further from
 * the code than C's references reach (-mcmodel=tiny); ADRP reaches all.
 */
#define LINKER_SYMBOL(name) ({ \
    int64_t address; \
    __asm__("adrp %0, " name "\n\tadd %0, %0, :lo12:" name : "=r"(address)); \
    address; })

/* Strings. */
INLINE int32_t string_char(struct java_lang_String *s, int32_t index) {
  BOUNDS(s, index);
  return s->text[index];
}
static int32_t string_equals(struct java_lang_String *s, struct java_lang_String *other) {
  if (other == NULL) { NONNULL(s); return 0; }
  if (ID(s) != ID(other) || LENGTH(s) != LENGTH(other)) return 0;
  for (uint32_t i = 0; i < LENGTH(s); i++) if (s->text[i] != other->text[i]) return 0;
  return 1;
}
static int32_t string_compare(struct java_lang_String *s, struct java_lang_String *other) {
  for (uint32_t i = 0; i < LENGTH(s) && i < LENGTH(other); i++)
    if (s->text[i] != other->text[i]) return s->text[i] - other->text[i];
  return (int32_t)(LENGTH(s) - LENGTH(other));
}
/* Counted anew each time: only a switch over strings asks for it, and those are boot code. */
static __attribute__((noinline, cold)) int32_t string_hash(struct java_lang_String *s) {
  uint32_t hash = 0;
  for (uint32_t i = 0; i < LENGTH(s); i++) hash = 31 * hash + s->text[i];
  return (int32_t)hash;
}
static int32_t string_ends_with(struct java_lang_String *s, struct java_lang_String *suffix) {
  if (LENGTH(s) < LENGTH(suffix)) return 0;
  for (uint32_t i = 0, at = LENGTH(s) - LENGTH(suffix); i < LENGTH(suffix); i++) if (s->text[at + i] != suffix->text[i]) return 0;
  return 1;
}
static int32_t string_index_of(struct java_lang_String *s, int32_t character) {
  for (uint32_t i = 0; i < LENGTH(s); i++) if (s->text[i] == character) return (int32_t)i;
  return -1;
}
static int32_t string_starts_with(struct java_lang_String *s, struct java_lang_String *prefix) {
  if (LENGTH(s) < LENGTH(prefix)) return 0;
  for (uint32_t i = 0; i < LENGTH(prefix); i++) if (s->text[i] != prefix->text[i]) return 0;
  return 1;
}

/* Ranges of arrays: size is that of one element. */
static void array_copy(struct Object *from, int32_t at, struct Object *to, int32_t to_at, int32_t count, uint64_t size) {
  CHECK(at >= 0 && to_at >= 0 && count >= 0 && (int64_t)at + count <= (int64_t)LENGTH(from)
      && (int64_t)to_at + count <= (int64_t)LENGTH(to), FAULT_BOUNDS);
  memmove((uint8_t *)(to + 1) + (uint64_t)(uint32_t)to_at * size, (uint8_t *)(from + 1) + (uint64_t)(uint32_t)at * size,
      (uint64_t)(uint32_t)count * size);
}
static void *array_clone(struct Object *from, uint64_t size) {
  struct Object *made = allocate_array(from->id, (int32_t)from->length, size);
  memcpy(made + 1, from + 1, from->length * size);
  return made;
}

/* Memory at an address: one load or store, with an immediate offset when it is a constant. */
#define OFFSET_FITS(offset, size) (__builtin_constant_p(offset) && (offset) >= 0 && (offset) <= 4095 * (size) && (offset) % (size) == 0)
#define LOAD(name, type, instruction, width, size) \
  INLINE type name(int64_t base, int64_t offset) { \
    type value; \
    if (OFFSET_FITS(offset, size)) \
      __asm__ volatile(instruction " %" width "0, [%1, %2]" : "=r"(value) : "r"(base), "i"(offset) : "memory"); \
    else \
      __asm__ volatile(instruction " %" width "0, [%1]" : "=r"(value) : "r"(base + offset) : "memory"); \
    return value; \
  }
#define STORE(name, type, instruction, width, size) \
  INLINE void name(int64_t base, int64_t offset, type value) { \
    if (OFFSET_FITS(offset, size)) \
      __asm__ volatile(instruction " %" width "0, [%1, %2]" :: "rZ"(value), "r"(base), "i"(offset) : "memory"); \
    else \
      __asm__ volatile(instruction " %" width "0, [%1]" :: "rZ"(value), "r"(base + offset) : "memory"); \
  }
LOAD(load8, int32_t, "ldrb", "w", 1)
LOAD(load16, int32_t, "ldrh", "w", 2)
LOAD(load32, int32_t, "ldr", "w", 4)
LOAD(load64, int64_t, "ldr", "x", 8)
STORE(store8, int32_t, "strb", "w", 1)
STORE(store16, int32_t, "strh", "w", 2)
STORE(store32, int32_t, "str", "w", 4)
STORE(store64, int64_t, "str", "x", 8)

INLINE int32_t load32_acquire(int64_t a) { int32_t v; __asm__ volatile("ldar %w0, [%1]" : "=r"(v) : "r"(a) : "memory"); return v; }
INLINE int64_t load64_acquire(int64_t a) { int64_t v; __asm__ volatile("ldar %0, [%1]" : "=r"(v) : "r"(a) : "memory"); return v; }
INLINE void store32_release(int64_t a, int32_t v) { __asm__ volatile("stlr %w0, [%1]" :: "rZ"(v), "r"(a) : "memory"); }
INLINE void store64_release(int64_t a, int64_t v) { __asm__ volatile("stlr %x0, [%1]" :: "rZ"(v), "r"(a) : "memory"); }

/* A guest may share the word: a store that keeps failing is given up and looks like another value. */
#define COMPARE_AND_EXCHANGE(name, type, load, store, width) \
  INLINE type name(int64_t address, type expected, type update) { \
    type seen; \
    for (int32_t tries = 0; tries < 64; tries++) { \
      uint32_t failed; \
      __asm__ volatile(load " %" width "0, [%1]" : "=&r"(seen) : "r"(address) : "memory"); \
      if (seen != expected) { __asm__ volatile("clrex" ::: "memory"); return seen; } \
      __asm__ volatile(store " %w0, %" width "1, [%2]" : "=&r"(failed) : "r"(update), "r"(address) : "memory"); \
      if (likely(failed == 0)) return seen; \
    } \
    return expected ^ 1; \
  }
COMPARE_AND_EXCHANGE(exchange16, int32_t, "ldaxrh", "stlxrh", "w")
COMPARE_AND_EXCHANGE(exchange32, int32_t, "ldaxr", "stlxr", "w")
COMPARE_AND_EXCHANGE(exchange64, int64_t, "ldaxr", "stlxr", "x")

/*
 * This CPU's object. Code that can run before the register is set reads it each time; other code
 * has it read once, and the value kept.
 */
INLINE void *cpu_local_now(void) { void *v; __asm__ volatile("mrs %0, tpidr_el2" : "=r"(v)); return v; }
INLINE void *cpu_local_kept(void) { void *v; __asm__("mrs %0, tpidr_el2" : "=r"(v)); return v; }

/* SMC #0 with x0 to x17 from the block and back. */
static __attribute__((noinline)) void secure_monitor_call(int64_t block) {
  register int64_t at __asm__("x19") = block;
  __asm__ volatile(
      "ldp x0, x1, [%0]\n\tldp x2, x3, [%0, #16]\n\tldp x4, x5, [%0, #32]\n\tldp x6, x7, [%0, #48]\n\t"
      "ldp x8, x9, [%0, #64]\n\tldp x10, x11, [%0, #80]\n\tldp x12, x13, [%0, #96]\n\tldp x14, x15, [%0, #112]\n\t"
      "ldp x16, x17, [%0, #128]\n\t.inst 0xd4000003\n\t"
      "stp x0, x1, [%0]\n\tstp x2, x3, [%0, #16]\n\tstp x4, x5, [%0, #32]\n\tstp x6, x7, [%0, #48]\n\t"
      "stp x8, x9, [%0, #64]\n\tstp x10, x11, [%0, #80]\n\tstp x12, x13, [%0, #96]\n\tstp x14, x15, [%0, #112]\n\t"
      "stp x16, x17, [%0, #128]"
      :: "r"(at)
      : "memory", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
        "x15", "x16", "x17");
}

/* q0 to q31, FPSR, FPCR. */
#define PAIRS(op) \
  op " q0, q1, [%0]\n\t" op " q2, q3, [%0, #32]\n\t" op " q4, q5, [%0, #64]\n\t" op " q6, q7, [%0, #96]\n\t" \
  op " q8, q9, [%0, #128]\n\t" op " q10, q11, [%0, #160]\n\t" op " q12, q13, [%0, #192]\n\t" op " q14, q15, [%0, #224]\n\t" \
  op " q16, q17, [%0, #256]\n\t" op " q18, q19, [%0, #288]\n\t" op " q20, q21, [%0, #320]\n\t" op " q22, q23, [%0, #352]\n\t" \
  op " q24, q25, [%0, #384]\n\t" op " q26, q27, [%0, #416]\n\t" op " q28, q29, [%0, #448]\n\t" op " q30, q31, [%0, #480]\n\t"
static __attribute__((noinline)) void floating_point_save(int64_t block) {
  uint64_t status, control;
  __asm__ volatile(".arch_extension fp\n\t.arch_extension simd\n\t" PAIRS("stp")
      "mrs %1, fpsr\n\tmrs %2, fpcr\n\tstr %1, [%0, #512]\n\tstr %2, [%0, #520]"
      : "+r"(block), "=&r"(status), "=&r"(control) :: "memory");
}
static __attribute__((noinline)) void floating_point_restore(int64_t block) {
  uint64_t status, control;
  __asm__ volatile(".arch_extension fp\n\t.arch_extension simd\n\t" PAIRS("ldp")
      "ldr %1, [%0, #512]\n\tldr %2, [%0, #520]\n\tmsr fpsr, %1\n\tmsr fpcr, %2"
      : "+r"(block), "=&r"(status), "=&r"(control) :: "memory");
}

#define enum_compare(a, b) (((struct java_lang_Enum *)(a))->f_ordinal - ((struct java_lang_Enum *)(b))->f_ordinal)
#define ATOMIC_ELEMENT(owner, type, a, i) ({ \
    struct type *array = (struct type *)((struct java_util_concurrent_atomic_##owner *)(a))->f_array; \
    int32_t at = (i); \
    BOUNDS(array, at); \
    &array->at[at]; })
#define atomic_element_I(a, i) ATOMIC_ELEMENT(AtomicIntegerArray, Array_I, a, i)
#define atomic_element_J(a, i) ATOMIC_ELEMENT(AtomicLongArray, Array_J, a, i)
