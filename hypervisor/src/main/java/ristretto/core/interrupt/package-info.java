/** Physical interrupts routed to handlers and guests; the virtual GIC of each domain. */
@NullMarked
package ristretto.core.interrupt;

import org.jspecify.annotations.NullMarked;
