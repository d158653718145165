@NullMarked
package ristretto.tools.qemu;

import org.jspecify.annotations.NullMarked;
