/**
 * Drivers of the hypervisor on devices that both lives have: models on the JVM, QEMU's own in the
 * image. What a driver sees of them must be the same, which is how the models are trusted.
 */
@NullMarked
package ristretto.twin.device;

import org.jspecify.annotations.NullMarked;
