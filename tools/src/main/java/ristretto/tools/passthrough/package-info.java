/** What a DomU needs for a device of the board: partial device tree, xl's lines, U-Boot's line. */
@NullMarked
package ristretto.tools.passthrough;

import org.jspecify.annotations.NullMarked;
