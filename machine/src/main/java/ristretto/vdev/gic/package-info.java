/**
 * The interrupt controller as a state machine: what its registers hold and what an access does. Who
 * delivers the interrupts, list registers or a simulated CPU, is the subclass's affair.
 */
@NullMarked
package ristretto.vdev.gic;

import org.jspecify.annotations.NullMarked;
