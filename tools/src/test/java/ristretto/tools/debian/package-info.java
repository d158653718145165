@NullMarked
package ristretto.tools.debian;

import org.jspecify.annotations.NullMarked;
