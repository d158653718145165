/**
 * The machine on the JVM: RAM, a bus for device models, CPUs under a seeded scheduler, time.
 * Nothing here is in the image.
 */
@NullMarked
package ristretto.sim;

import org.jspecify.annotations.NullMarked;
