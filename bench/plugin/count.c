/*
 * A TCG plugin of QEMU (10 or newer): counts executed instructions, all of them and those at EL2,
 * and writes both numbers before each line that the hypervisor prints on the PL011 of `virt`:
 *     ALL EL2 text of the line
 * The numbers are those of the line's first character. Option: out=FILE.
 *
 * The interface is declared here because Debian's QEMU comes without its header; the names are
 * documented at https://www.qemu.org/docs/master/devel/tcg-plugins.html. What is undefined below
 * is found in QEMU's own process, glib and C library included.
 */
#include <stddef.h>
#include <stdint.h>

typedef uint64_t plugin_id;
typedef uint32_t access_info;
typedef struct file FILE;
struct block;
struct instruction;
struct scoreboard;
struct register_handle;
struct address;
typedef struct { struct scoreboard *score; size_t offset; } counter;
typedef struct { uint8_t *data; unsigned length; } bytes;              /* GByteArray */
typedef struct { void *data; unsigned length; } array;                 /* GArray */
typedef struct { struct register_handle *handle; const char *name, *feature; } register_descriptor;
typedef struct {
  int type;
  union { uint8_t u8; uint64_t words[2]; } data;
} value;
enum { NO_REGISTERS };
enum { WRITES = 2 };
enum { ADD_U64 };

void qemu_plugin_register_vcpu_init_cb(plugin_id, void (*)(plugin_id, unsigned));
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct block *));
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct instruction *, int, counter, uint64_t);
void qemu_plugin_register_vcpu_mem_cb(struct instruction *,
                                      void (*)(unsigned, access_info, uint64_t, void *), int, int, void *);
size_t qemu_plugin_tb_n_insns(const struct block *);
struct instruction *qemu_plugin_tb_get_insn(const struct block *, size_t);
size_t qemu_plugin_insn_data(const struct instruction *, void *, size_t);
struct address *qemu_plugin_get_hwaddr(access_info, uint64_t);
_Bool qemu_plugin_hwaddr_is_io(const struct address *);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct address *);
value qemu_plugin_mem_get_value(access_info);
array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct register_handle *, bytes *);
struct scoreboard *qemu_plugin_scoreboard_new(size_t);
uint64_t qemu_plugin_u64_sum(counter);
bytes *g_byte_array_new(void);
bytes *g_byte_array_set_size(bytes *, unsigned);
FILE *fopen(const char *, const char *);
int fprintf(FILE *, const char *, ...);
int fflush(FILE *);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 4;

#define PL011_DR 0x09000000
#define PSTATE_EL_SHIFT 2

static counter at_el2, below;
static struct register_handle *pstate;
static bytes *scratch;
static FILE *out;
static char line[1024];
static unsigned used;
static uint64_t line_all, line_el2;

static void on_cpu(plugin_id id, unsigned cpu)
{
  array *all = qemu_plugin_get_registers();
  for (unsigned i = 0; !pstate && i < all->length; i++) {
    register_descriptor *descriptor = (register_descriptor *)all->data + i;
    if (!strcmp(descriptor->name, "cpsr")) {
      pstate = descriptor->handle;
    }
  }
}

/* A block of translated code belongs to one exception level: that of the CPU that asks for it. */
static int is_at_el2(void)
{
  g_byte_array_set_size(scratch, 0);
  return pstate && qemu_plugin_read_register(pstate, scratch) > 0 &&
         (scratch->data[0] >> PSTATE_EL_SHIFT & 3) == 2;
}

static void on_store(unsigned cpu, access_info info, uint64_t at, void *unused)
{
  struct address *address = at & 0xfff ? NULL : qemu_plugin_get_hwaddr(info, at);
  if (!address || !qemu_plugin_hwaddr_is_io(address) ||
      qemu_plugin_hwaddr_phys_addr(address) != PL011_DR) {
    return;
  }
  char c = (char)qemu_plugin_mem_get_value(info).data.u8;
  if (!used) {
    line_el2 = qemu_plugin_u64_sum(at_el2);
    line_all = line_el2 + qemu_plugin_u64_sum(below);
  }
  if (c == '\n') {
    line[used] = 0;
    fprintf(out, "%lu %lu %s\n", line_all, line_el2, line);
    fflush(out);
    used = 0;
  } else if (c != '\r' && used < sizeof line - 1) {
    line[used++] = c;
  }
}

/* One general register of 8, 16 or 32 bits to memory: the only stores that reach a UART. */
static int is_narrow_store(uint32_t word)
{
  return (word & 0x3ac00000) == 0x38000000 && (word >> 30) != 3 && !(word >> 26 & 1);
}

static void on_translation(plugin_id id, struct block *block)
{
  int el2 = is_at_el2();
  size_t count = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i < count; i++) {
    struct instruction *instruction = qemu_plugin_tb_get_insn(block, i);
    uint32_t word = 0;
    qemu_plugin_insn_data(instruction, &word, sizeof word);
    qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, ADD_U64, el2 ? at_el2 : below, 1);
    if (el2 && is_narrow_store(word)) {
      qemu_plugin_register_vcpu_mem_cb(instruction, on_store, NO_REGISTERS, WRITES, NULL);
    }
  }
}

EXPORT int qemu_plugin_install(plugin_id id, const void *machine, int count, char **options)
{
  if (count != 1 || strncmp(options[0], "out=", 4) || !(out = fopen(options[0] + 4, "w"))) {
    return -1;
  }
  struct scoreboard *board = qemu_plugin_scoreboard_new(2 * sizeof(uint64_t));
  at_el2 = (counter){board, 0};
  below = (counter){board, sizeof(uint64_t)};
  scratch = g_byte_array_new();
  qemu_plugin_register_vcpu_init_cb(id, on_cpu);
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  return 0;
}
