/** Looks at configurations, boot scripts and device trees for what would go wrong on a board. */
@NullMarked
package ristretto.tools.check;

import org.jspecify.annotations.NullMarked;
