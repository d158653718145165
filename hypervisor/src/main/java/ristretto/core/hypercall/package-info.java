/** Xen's hypercalls: one class each, one method for each sub-operation. */
@NullMarked
package ristretto.core.hypercall;

import org.jspecify.annotations.NullMarked;
