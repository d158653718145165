/* Instructions that no compiler emits. */
#include "hostile.h"

void with_registers(const void *code, uint64_t registers[16]); /* vectors.S */

#define RET 0xd65f03c0u

/* One place for each vCPU, a cache line apart. */
static uint32_t code[MAX_CPUS][16] __attribute__((aligned(64)));

uint64_t place_of_instruction(void) { return (uint64_t)code[my_index()]; }

static uint32_t *place(uint32_t instruction)
{
  uint32_t *at = code[my_index()];
  if (at[0] != instruction) {
    at[0] = instruction;
    at[1] = RET;
    __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" ::"r"(at) : "memory");
  }
  return at;
}

uint64_t execute(uint32_t instruction, uint64_t x0, uint64_t x1)
{
  return ((uint64_t(*)(uint64_t, uint64_t))place(instruction))(x0, x1);
}

void execute_with(uint32_t instruction, uint64_t registers[16]) { with_registers(place(instruction), registers); }
