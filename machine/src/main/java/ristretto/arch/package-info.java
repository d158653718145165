/** The architecture as values: registers, syndromes, descriptors, calling conventions. */
@NullMarked
package ristretto.arch;

import org.jspecify.annotations.NullMarked;
