@NullMarked
package ristretto.tools.map;

import org.jspecify.annotations.NullMarked;
