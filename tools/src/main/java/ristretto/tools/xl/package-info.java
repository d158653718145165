/** xl's configurations of domains, xl.cfg(5), with the place of everything in them. */
@NullMarked
package ristretto.tools.xl;

import org.jspecify.annotations.NullMarked;
