/** Grant tables: which frames a domain lets others map or copy. Version 1 alone. */
@NullMarked
package ristretto.core.grant;

import org.jspecify.annotations.NullMarked;
