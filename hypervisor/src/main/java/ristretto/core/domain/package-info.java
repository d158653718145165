/** Domains and their vCPUs: state, life cycle, what of the architecture they see. */
@NullMarked
package ristretto.core.domain;

import org.jspecify.annotations.NullMarked;
