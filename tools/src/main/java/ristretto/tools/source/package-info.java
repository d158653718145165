/** Files that users write, with the place of everything in them. */
@NullMarked
package ristretto.tools.source;

import org.jspecify.annotations.NullMarked;
