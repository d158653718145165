@NullMarked
package ristretto.tools.xl;

import org.jspecify.annotations.NullMarked;
