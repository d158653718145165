/** From bytecode to C. */
@NullMarked
package ristretto.compiler.c;

import org.jspecify.annotations.NullMarked;
