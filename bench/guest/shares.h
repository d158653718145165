/* shares.c: of how much of a CPU each of some domains has had. */
#pragma once

#include <stdint.h>

#define MOST_SHARES 32

struct shares {
  int count;
  uint64_t millionths[MOST_SHARES]; /* of one CPU, in the order of the list */
};

/*
 * `list`: a weight for each domain of one busy vCPU, separated by slashes, with a point and a cap behind
 * it where there is one. Takes ten seconds and more.
 */
void shares(const char *list, struct shares *found);
