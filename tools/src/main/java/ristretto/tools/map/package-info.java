/** Who owns what on a board, as text and as a picture. */
@NullMarked
package ristretto.tools.map;

import org.jspecify.annotations.NullMarked;
