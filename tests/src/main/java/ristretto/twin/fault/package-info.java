/** Twins whose last act is a failed check: both lives must report the same error and call stack. */
@NullMarked
package ristretto.twin.fault;

import org.jspecify.annotations.NullMarked;
