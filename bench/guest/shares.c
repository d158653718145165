/*
 * What domains get of the CPUs: as Dom0, makes domains with weights and caps, each of which would have a
 * CPU of its own, and looks after a while how long they ran. Dom0 itself sleeps.
 */
#include "shares.h"
#include "domains.h"

#define HYPERVISOR_SCHED_OP 29
#define SCHEDOP_POLL 3

/* ns. Before the first look everybody runs, what is saved up is used up, and a period of caps is over. */
#define SETTLING 500000000ul
#define SPAN 10000000000ul

extern const char spinner[], spinner_end[];

static uint16_t domains[MOST_SHARES];

static int number(const char **at)
{
  int value = 0;
  for (; **at >= '0' && **at <= '9'; ++*at) {
    value = value * 10 + **at - '0';
  }
  return value;
}

static void make_all(const char *at, struct shares *found)
{
  for (found->count = 0; *at >= '0' && *at <= '9' && found->count < MOST_SHARES; found->count++) {
    int weight = number(&at);
    at += *at == '.';
    int cap = at[-1] == '.' ? number(&at) : 0;
    at += *at == '/';
    domains[found->count] = domain_make(found->count, 1, spinner, spinner_end);
    must(domain_share(domains[found->count], weight, cap), "weight");
  }
  for (int i = 0; i < found->count; i++) {
    domain_start(domains[i], 1);
  }
}

/* SCHEDOP_poll for no port: until the time has come. */
static void sleep_for(uint64_t time)
{
  for (uint64_t until = now() + time; now() < until;) {
    struct { uint64_t ports, count, deadline; } poll = {0, 0, until};
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_POLL, (uint64_t)&poll, 0);
  }
}

void shares(const char *list, struct shares *found)
{
  static uint64_t before[MOST_SHARES], began[MOST_SHARES];
  make_all(list, found);
  sleep_for(SETTLING);
  for (int i = 0; i < found->count; i++) {
    began[i] = now();
    before[i] = domain_time(domains[i]);
  }
  sleep_for(SPAN);
  for (int i = 0; i < found->count; i++) {
    uint64_t ran = domain_time(domains[i]) - before[i];
    found->millionths[i] = ran * 1000 / ((now() - began[i]) / 1000);
  }
}
