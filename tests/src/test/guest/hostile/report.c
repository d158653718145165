/* Checks, a line each, and the verdict. */
#include "hostile.h"

#define MOST_COMPLAINTS 20

int failures;
static int checks;

static void complain(const char *what, uint64_t got, uint64_t wanted)
{
  print("BAD ");
  print(what);
  print(": got ");
  print_hex(got);
  print(", expected ");
  print_hex(wanted);
  print("\n");
}

void note(const char *what, uint64_t value)
{
  print(what);
  print(" ");
  print_hex(value);
  print("\n");
}

void expect(const char *what, uint64_t got, uint64_t wanted)
{
  checks++;
  if (got != wanted) {
    failures++;
    complain(what, got, wanted);
  } else {
    print("ok ");
    print(what);
    print(": ");
    print_hex(got);
    print("\n");
  }
}

void expect_one_of(const char *what, uint64_t got, const int64_t *wanted, int count)
{
  for (int i = 0; i < count; i++) {
    if (got == (uint64_t)wanted[i]) {
      expect(what, got, got);
      return;
    }
  }
  expect(what, got, (uint64_t)wanted[0]);
}

void quietly(const char *what, uint64_t detail, uint64_t got, uint64_t wanted)
{
  checks++;
  if (got != wanted && failures++ < MOST_COMPLAINTS) {
    print("at ");
    print_hex(detail);
    print(" ");
    complain(what, got, wanted);
  }
}

void verdict(void)
{
  print(failures ? "FAIL " : "PASS ");
  print_decimal((uint64_t)(failures ? failures : checks));
  print(failures ? " of " : " checks");
  if (failures) {
    print_decimal((uint64_t)checks);
  }
  print("\n");
  xen_flush();
  shut_down(failures ? CRASH : POWEROFF);
}
