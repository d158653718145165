/** A serial line: matching what it says, answering it, handing it to a person. */
@NullMarked
package ristretto.tools.console;

import org.jspecify.annotations.NullMarked;
