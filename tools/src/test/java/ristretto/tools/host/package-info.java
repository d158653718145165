@NullMarked
package ristretto.tools.host;

import org.jspecify.annotations.NullMarked;
