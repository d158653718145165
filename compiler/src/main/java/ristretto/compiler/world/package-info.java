/** The closed world: which classes, methods and fields the image can reach. */
@NullMarked
package ristretto.compiler.world;

import org.jspecify.annotations.NullMarked;
