@NullMarked
package ristretto.tools.console;

import org.jspecify.annotations.NullMarked;
