@NullMarked
package ristretto.tools.image;

import org.jspecify.annotations.NullMarked;
