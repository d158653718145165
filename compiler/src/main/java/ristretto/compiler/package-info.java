/** The closed-world compiler: class files of the image in, one freestanding C file out. */
@NullMarked
package ristretto.compiler;

import org.jspecify.annotations.NullMarked;
