/** Which vCPU runs where. */
@NullMarked
package ristretto.core.sched;

import org.jspecify.annotations.NullMarked;
