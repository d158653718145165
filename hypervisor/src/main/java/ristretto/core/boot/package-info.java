/** From the loader's device tree to a Dom0 that is ready to run. Code here runs once, at boot. */
@NullMarked
package ristretto.core.boot;

import org.jspecify.annotations.NullMarked;
