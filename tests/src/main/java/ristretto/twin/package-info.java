/**
 * Twin tests: programs that run on the JVM and in an image at EL2 and must print the same. They use
 * the image subset of Java, and are how we trust the compiler.
 */
@NullMarked
package ristretto.twin;

import org.jspecify.annotations.NullMarked;
