/**
 * Guests that do anything, from a seed or from Jazzer, against the hypervisor on a simulated
 * machine, and what must hold after each step of theirs.
 */
@NullMarked
package ristretto.fuzz;

import org.jspecify.annotations.NullMarked;
