/** From the vector table to a handler, and back with an outcome. */
@NullMarked
package ristretto.core.trap;

import org.jspecify.annotations.NullMarked;
