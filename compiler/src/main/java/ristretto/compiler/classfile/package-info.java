/** Class files as the compiler sees them: found on the class path, rid of lambdas, parsed. */
@NullMarked
package ristretto.compiler.classfile;

import org.jspecify.annotations.NullMarked;
