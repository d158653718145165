/** The architecture's timer as the hypervisor uses it. */
@NullMarked
package ristretto.driver.timer;

import org.jspecify.annotations.NullMarked;
