/** What the hypervisor tells of itself when a debug key is pressed. */
@NullMarked
package ristretto.core.debug;

import org.jspecify.annotations.NullMarked;
