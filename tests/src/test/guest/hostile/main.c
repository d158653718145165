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
  case 2: bad_pointers(); break;
  case 3: bad_sizes(); break;
  case 4: bad_timing(); break;
  case 5: bad_grants(); break;
  case 6: bad_changing_grants(); break;
  case 7: bad_events(); break;
  case 8: bad_hammering(); break;
  case 9: bad_memory(); break;
  case 10: bad_caches(); break;
  case 11: bad_memories(); break;
  case 12: bad_registers(); break;
  case 13: bad_controls(); break;
  case 14: bad_aborts(); break;
  case 15: bad_accesses(); break;
  case 16: bad_interrupts(); break;
  case 17: bad_storms(); break;
  case 18: bad_timers(); break;
  case 19: bad_psci(); break;
  case 20: bad_smc(); break;
  case 21: bad_store_ring(); break;
  case 22: bad_store_load(); break;
  case 23: bad_store_rights(); break;
  case 25: bad_scheduling(); break;
  case 26: bad_at_random(); break;
  case 27: panics(); break;
  case 28: never_ends(); break;
  case 29: dies_busy(); break;
  default: expect("a guest of this number", number, 0);
  }
  verdict();
}
