/** QEMU's {@code virt} machine: its command line and its process. */
@NullMarked
package ristretto.tools.qemu;

import org.jspecify.annotations.NullMarked;
