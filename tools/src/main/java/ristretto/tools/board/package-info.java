/** Boards on the host: their device trees with source positions, and what these do not say. */
@NullMarked
package ristretto.tools.board;

import org.jspecify.annotations.NullMarked;
