/** Physical CPUs: how they are started, their state, stacks, locks, errata and mitigations. */
@NullMarked
package ristretto.core.cpu;

import org.jspecify.annotations.NullMarked;
