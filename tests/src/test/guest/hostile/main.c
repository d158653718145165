/* Which guest this is, the command line says: bad=NUMBER seed=NUMBER. */
#include "hostile.h"

#define HEARTBEAT 0
#define BEAT_MILLISECONDS 250
#define CONTEXT 0x5a /* CNTKCTL_EL1: nobody else writes this */

uint64_t first_instruction_count;

/* The neighbour: counts on its console, and looks after what is its own. */
static void beat(void)
{
  uint64_t next = now();
  write_register(CNTKCTL_EL1, CONTEXT);
  for (uint64_t count = 1;; count++) {
    next += read_register(CNTFRQ_EL0) / 1000 * BEAT_MILLISECONDS;
    write_register(CNTV_CVAL_EL0, next);
    while (now() < next) {
      write_register(CNTV_CTL_EL0, 1); /* again: the last beat's interrupt may come late, and stop it */
      wait_for_interrupt();
      unmask_interrupts();
      isb();
      mask_interrupts();
    }
    print(read_register(CNTKCTL_EL1) == CONTEXT ? "beat " : "HARMED ");
    print_decimal(count);
    print("\n");
  }
}

void guest_main(const uint8_t *tree)
{
  write_register(TPIDR_EL1, 0);
  platform_discover(tree);
  xen_open();
  gic_start();
  uint64_t number = argument("bad", HEARTBEAT);
  switch (number) {
  case HEARTBEAT: beat(); break;
  case 1: bad_calls(); break;
  default: expect("a guest of this number", number, 0);
  }
  verdict();
}
