/**
 * What the twins need of the image: entry from assembly, output, CPUs, and the report of faults.
 */
@NullMarked
package ristretto.twin.runtime;

import org.jspecify.annotations.NullMarked;
