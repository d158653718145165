/** A second package, for what depends on package boundaries. */
@NullMarked
package ristretto.twin.language.other;

import org.jspecify.annotations.NullMarked;
