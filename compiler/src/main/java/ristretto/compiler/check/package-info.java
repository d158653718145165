/** What the image may not do: rules on whole call trees. */
@NullMarked
package ristretto.compiler.check;

import org.jspecify.annotations.NullMarked;
