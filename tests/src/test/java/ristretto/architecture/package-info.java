/** The rules of ARCHITECTURE.md, checked in the class files. */
@NullMarked
package ristretto.architecture;

import org.jspecify.annotations.NullMarked;
