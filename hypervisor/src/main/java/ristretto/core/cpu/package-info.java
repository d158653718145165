/** Physical CPUs: per-CPU state, locks, calls between CPUs. */
@NullMarked
package ristretto.core.cpu;

import org.jspecify.annotations.NullMarked;
