/** The compiler knows what the machine asks of it. */
@NullMarked
package ristretto.compiler.c;

import org.jspecify.annotations.NullMarked;
