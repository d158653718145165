/** Objects that static initialisers built at build time, as C data. */
@NullMarked
package ristretto.compiler.heap;

import org.jspecify.annotations.NullMarked;
