/**
 * Device models as guests see them. A model knows offsets, not addresses, and nothing of the
 * machine: the hypervisor emulates devices with it and the simulated machine puts it on its bus.
 */
@NullMarked
package ristretto.vdev;

import org.jspecify.annotations.NullMarked;
