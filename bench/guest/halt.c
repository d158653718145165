/* What must not happen, and the end of the run. */
#include "guest.h"

void halt(const char *why, uint64_t detail)
{
  print("BENCH-FAILED ");
  print(why);
  print(" ");
  print_hex(detail);
  print("\n");
  if (platform.under_xen) {
    xen_power_off();
  }
  psci(0x84000008, 0, 0, 0);
  for (;;) {
    wait_for_interrupt();
  }
}

void guest_unexpected(void)
{
  print("ELR ");
  print_hex(read_register(ELR_EL1));
  print(" FAR ");
  print_hex(read_register(FAR_EL1));
  print("\n");
  halt("unexpected exception, ESR", read_register(ESR_EL1));
}
