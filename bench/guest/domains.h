/*
 * domains.c: domains of one page. Their program is at the beginning of it, each vCPU begins there with
 * the address of its record in x0.
 */
#pragma once

#include "guest.h"

#define RECORD_BYTES 64

/* Ends the run where a result is not 0. */
void must(long result, const char *what);

/* Its weight and cap under credit2. Not 0: a release with another interface. */
long domain_share(uint16_t domain, int weight, int cap);

/* The domain of that index, from 0, with a program up to `end`. Returns its number; it does not run yet. */
uint16_t domain_make(int index, int vcpus, const char *program, const char *end);
void *domain_record(int index, int vcpu);
void domain_start(uint16_t domain, int vcpus);

/* ns that its vCPUs have run. */
uint64_t domain_time(uint16_t domain);
