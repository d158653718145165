/** Dom0's root, its initial ramdisk, and the disk image that carries them. */
@NullMarked
package ristretto.tools.image;

import org.jspecify.annotations.NullMarked;
