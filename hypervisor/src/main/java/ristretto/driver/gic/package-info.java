/** Physical interrupt controllers. Knows nothing of guests beyond the virtual CPU interface. */
@NullMarked
package ristretto.driver.gic;

import org.jspecify.annotations.NullMarked;
