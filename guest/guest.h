/*
 * What our own guests share: kernels that run as Dom0's, as a DomU's, and on the bare machine. All
 * they need to know is in the device tree. MMU and caches are off.
 */
#pragma once

#include <stdint.h>

/* Everything is in this image: no address comes through a table that somebody would have to relocate. */
#pragma GCC visibility push(hidden)

#define MAX_CPUS 8

/* start.S: calls out of the guest. Each guest has its own `vectors`, guest_main and guest_secondary. */
long hypercall(uint64_t number, uint64_t a0, uint64_t a1, uint64_t a2);
long smccc_hvc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3);
long smccc_smc(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3);
void secondary_entry(void);
extern char secondary_stack_top[];
extern char _end[];
extern uint64_t first_instruction_count;

#define read_register(name)                                        \
  ({                                                               \
    uint64_t value_;                                               \
    __asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory");   \
    value_;                                                        \
  })
#define write_register(name, value) \
  __asm__ volatile("msr " #name ", %0" ::"r"((uint64_t)(value)) : "memory")

static inline void isb(void) { __asm__ volatile("isb" ::: "memory"); }
static inline void dsb(void) { __asm__ volatile("dsb sy" ::: "memory"); }
static inline void wait_for_interrupt(void) { __asm__ volatile("wfi" ::: "memory"); }
static inline void unmask_interrupts(void) { __asm__ volatile("msr daifclr, #2" ::: "memory"); }
static inline void mask_interrupts(void) { __asm__ volatile("msr daifset, #2" ::: "memory"); }

static inline uint32_t load32(uint64_t address)
{
  uint32_t value;
  __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
  return value;
}

static inline void store32(uint64_t address, uint32_t value)
{
  __asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(address) : "memory");
}

/* Instructions since reset, when QEMU runs with -icount shift=0 and cntfrq=1000000000. */
static inline uint64_t now(void)
{
  isb();
  return read_register(CNTVCT_EL0);
}

/* platform.c: what the device tree says. */
struct platform {
  int gic_version;              /* 2 or 3; 0: none found */
  uint64_t distributor;
  uint64_t redistributors;      /* GICv3 */
  uint64_t cpu_interface;       /* GICv2 */
  uint64_t uart;                /* PL011 of the bare machine */
  int under_xen;
  int event_interrupt;          /* INTID of event channel upcalls */
  int psci_by_smc;
  int cpus;
  uint64_t mpidr[MAX_CPUS];
  const char *arguments;        /* the kernel's command line */
  uint64_t memory, memory_size; /* the first bank */
  uint64_t tree;                /* this description itself */
};
extern struct platform platform;
void platform_discover(const uint8_t *tree);
long psci(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3);

/* gic.c */
#define SGI_SELF 1
#define SGI_PING 2
#define SGI_PONG 3
#define INTID_VIRTUAL_TIMER 27
#define FIRST_SPI_WORD 4        /* offset of word 1 in a register of one bit an interrupt */
#define GICD_CTLR 0x000
#define GICD_TYPER 0x004
#define GICD_ISENABLER 0x100
#define GICD_IPRIORITYR 0x400
#define GICR_TYPER 0x008
void gic_start(void);
void gic_start_cpu(void);
void gic_send(int cpu, int sgi);
uint64_t gic_my_redistributor(void);
extern volatile uint32_t interrupts_taken[64];
extern volatile uint32_t pings;

/* xen.c */
enum role { BARE, DOM0, DOMU };
enum role xen_role(void);
int xen_open_self_channel(void);
void xen_mask_channel(int masked);
void xen_send(void);
void xen_acknowledge(void);
uint64_t xen_free_pages(void);
void xen_power_off(void);
long xen_write(const char *text, uint32_t length);

/* console.c */
void print(const char *text);
void print_decimal(uint64_t value);
void print_hex(uint64_t value);
void halt(const char *why, uint64_t detail) __attribute__((noreturn));
