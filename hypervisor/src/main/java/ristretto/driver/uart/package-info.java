/** Physical UARTs, as the hypervisor's console uses them. */
@NullMarked
package ristretto.driver.uart;

import org.jspecify.annotations.NullMarked;
