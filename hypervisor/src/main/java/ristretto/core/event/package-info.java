/**
 * Event channels: numbered ports by which domains signal each other and the hypervisor signals
 * them, with both of Xen's ways to show a guest what is pending (2-level and FIFO).
 */
@NullMarked
package ristretto.core.event;

import org.jspecify.annotations.NullMarked;
