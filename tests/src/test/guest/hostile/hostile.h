/*
 * Bad guests: each tries one kind of mischief and tells what came of it. What it expects is what a
 * guest may expect of the hypervisor; that the others notice nothing is for Dom0 to see.
 */
#pragma once

#include "guest.h"

/* vectors.S */
struct frame {
  uint64_t x[31], elr, spsr, unused;
};
long xen(uint64_t number, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4);
long at_el0(const void *code, uint64_t argument, uint64_t spsr);
void eret_to_el0_end(void);

/* exceptions.c: what the last exception of each vCPU said. */
struct exception {
  uint64_t count, esr, elr, far, x0;
  int expected;
  int index;
};
struct exception *my_exceptions(void);
int my_index(void);
#define EC_OF(esr) ((uint32_t)((esr) >> 26 & 0x3f))
#define EC_UNDEFINED 0x00
#define EC_FP 0x07
#define EC_SVC32 0x11
#define EC_SVC64 0x15
#define EC_INSTRUCTION_ABORT_LOWER 0x20
#define EC_INSTRUCTION_ABORT 0x21
#define EC_DATA_ABORT_LOWER 0x24
#define EC_DATA_ABORT 0x25
#define EC_BREAKPOINT 0x3c
#define EXTERNAL_ABORT 0x10 /* fault status code */

/* Runs an operation and steps over what it provokes; the number of exceptions. */
#define PROVOKED(operation)                      \
  ({                                             \
    struct exception *mine_ = my_exceptions();   \
    uint64_t before_ = mine_->count;             \
    mine_->expected++;                           \
    operation;                                   \
    mine_->expected--;                           \
    mine_->count - before_;                      \
  })

/* instructions.c: one instruction made at run time, with x0, x1 as given; returns its x0. */
uint64_t execute(uint32_t instruction, uint64_t x0, uint64_t x1);
uint64_t place_of_instruction(void); /* where it was executed */
void execute_with(uint32_t instruction, uint64_t registers[16]); /* x0 to x15, in and out */
#define HVC(immediate) (0xd4000002u | (uint32_t)(immediate) << 5)
#define SMC(immediate) (0xd4000003u | (uint32_t)(immediate) << 5)

/* report.c */
void expect(const char *what, uint64_t got, uint64_t wanted);
void expect_one_of(const char *what, uint64_t got, const int64_t *wanted, int count);
void quietly(const char *what, uint64_t detail, uint64_t got, uint64_t wanted); /* prints failures alone */
void note(const char *what, uint64_t value);
void verdict(void) __attribute__((noreturn));
extern int failures;
extern volatile int console_lock;

/* calls.c */
void xen_open(void);
void xen_flush(void);
uint64_t hvm_param(uint32_t index);
void shut_down(uint32_t reason) __attribute__((noreturn));
void yield(void);
void *shared_info(void);
uint64_t argument(const char *name, uint64_t otherwise);

#define POWEROFF 0
#define CRASH 3

/* cpus.c */
void start_cpu(int cpu, void (*job)(int cpu));
void join_cpus(void);
#define CPU_ON 0xc4000003

/* random.c */
uint64_t next_random(uint64_t *state);
uint64_t random_seed(void);

#define ENTRIES(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096ul

/* Xen's interface. xen/include/public. */
enum {
  MEMORY_OP = 12, MULTICALL = 13, XEN_VERSION = 17, CONSOLE_IO = 18, GRANT_TABLE_OP = 20, VM_ASSIST = 21,
  VCPU_OP = 24, SCHED_OP = 29, EVENT_CHANNEL_OP = 32, PHYSDEV_OP = 33, HVM_OP = 34, SYSCTL = 35, DOMCTL = 36,
  PLATFORM_OP = 7, XSM_OP = 27
};
#define EPERM (-1l)
#define ENOENT (-2l)
#define ESRCH (-3l)
#define EFAULT (-14l)
#define EBUSY (-16l)
#define EINVAL (-22l)
#define ENOSPC (-28l)
#define ENOSYS (-38l)
#define SELF 0x7ff0

/* One file for each group of guests. */
void bad_calls(void);
void bad_pointers(void);
void bad_sizes(void);
void bad_timing(void);
void bad_registers(void);
void bad_controls(void);
void bad_aborts(void);
void bad_accesses(void);
void bad_interrupts(void);
void bad_storms(void);
void bad_timers(void);
void bad_grants(void);
void bad_changing_grants(void);
void bad_events(void);
void bad_hammering(void);
void bad_memory(void);
void bad_caches(void);
void bad_memories(void);
void bad_store_ring(void);
void bad_store_load(void);
void bad_store_rights(void);
void bad_scheduling(void);
void never_ends(void);
void dies_busy(void);
void panics(void);
void bad_psci(void);
void bad_smc(void);
void bad_at_random(void);
