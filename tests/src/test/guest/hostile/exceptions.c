/* Exceptions of this guest's own making: noted, and stepped over. */
#include "hostile.h"

static struct exception exceptions[MAX_CPUS];
static volatile int announced;

/* TPIDR_EL1 is 0 on the first vCPU; others set their index. */
int my_index(void) { return (int)read_register(TPIDR_EL1); }

struct exception *my_exceptions(void) { return &exceptions[my_index()]; }

static int is_instruction_abort(uint32_t ec)
{
  return ec == EC_INSTRUCTION_ABORT || ec == EC_INSTRUCTION_ABORT_LOWER;
}

static void unexpected(const char *what, struct frame *frame)
{
  if (!announced++) {
    print("unexpected ");
    print(what);
    note(", ESR", read_register(ESR_EL1));
    note("  ELR", frame->elr);
    note("  FAR", read_register(FAR_EL1));
  }
  failures++;
  verdict();
}

void guest_exception(struct frame *frame, uint64_t source)
{
  struct exception *mine = my_exceptions();
  uint64_t esr = read_register(ESR_EL1);
  uint32_t ec = EC_OF(esr);
  if ((ec == EC_SVC64 && source == 2) || (ec == EC_SVC32 && source == 3)) {
    frame->elr = (uint64_t)eret_to_el0_end;
    frame->spsr = 0x3c5;
    return;
  }
  if (!mine->expected) {
    unexpected("exception", frame);
  }
  mine->count++;
  mine->esr = esr;
  mine->elr = frame->elr;
  mine->far = read_register(FAR_EL1);
  mine->x0 = frame->x[0];
  if (is_instruction_abort(ec)) {
    frame->elr = frame->x[30]; /* whoever called nowhere */
    frame->spsr = (frame->spsr & ~0x3fful) | 0x3c5;
  } else if (ec != EC_SVC64) { /* which is behind the instruction already */
    frame->elr += 4;
  }
}

void guest_system_error(struct frame *frame)
{
  struct exception *mine = my_exceptions();
  if (!mine->expected) {
    unexpected("SError", frame);
  }
  mine->count++;
  mine->esr = read_register(ESR_EL1);
}
