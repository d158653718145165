/** The emulated UART of a domain, whose other end is a console daemon. */
@NullMarked
package ristretto.core.uart;

import org.jspecify.annotations.NullMarked;
