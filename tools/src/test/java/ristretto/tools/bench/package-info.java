@NullMarked
package ristretto.tools.bench;

import org.jspecify.annotations.NullMarked;
