@NullMarked
package ristretto.tools.uboot;

import org.jspecify.annotations.NullMarked;
