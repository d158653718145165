/** What the compiler writes and the hypervisor reads. */
@NullMarked
package ristretto.compiler.link;

import org.jspecify.annotations.NullMarked;
