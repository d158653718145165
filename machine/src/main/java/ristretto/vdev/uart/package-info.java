/** UARTs as guests see them. */
@NullMarked
package ristretto.vdev.uart;

import org.jspecify.annotations.NullMarked;
