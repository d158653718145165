/** Time: the counter, software timers, the guests' timers. */
@NullMarked
package ristretto.core.time;

import org.jspecify.annotations.NullMarked;
