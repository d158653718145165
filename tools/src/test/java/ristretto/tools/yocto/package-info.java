@NullMarked
package ristretto.tools.yocto;

import org.jspecify.annotations.NullMarked;
