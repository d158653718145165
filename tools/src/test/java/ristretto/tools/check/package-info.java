@NullMarked
package ristretto.tools.check;

import org.jspecify.annotations.NullMarked;
