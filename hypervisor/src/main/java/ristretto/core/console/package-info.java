/** The hypervisor's console: log, log ring, input, debug keys, and what guests write to it. */
@NullMarked
package ristretto.core.console;

import org.jspecify.annotations.NullMarked;
