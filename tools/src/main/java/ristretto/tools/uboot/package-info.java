/** What U-Boot is told: load addresses and boot scripts. */
@NullMarked
package ristretto.tools.uboot;

import org.jspecify.annotations.NullMarked;
