/* crowd.c: hundredths of an instruction for each turn of one of many vCPUs on the same CPU. */
#pragma once

#include <stdint.h>

struct crowd_figures {
  uint64_t sleep; /* from one SCHEDOP_poll that sleeps to the vCPU's next */
  uint64_t yield; /* from one vCPU to the next, all of them yielding */
};

/* Not 0: there are figures. */
int crowd(int vcpus, struct crowd_figures *figures);
