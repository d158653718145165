@NullMarked
package ristretto.tools.passthrough;

import org.jspecify.annotations.NullMarked;
