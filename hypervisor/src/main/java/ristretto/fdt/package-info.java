/**
 * Flattened device trees in raw memory: a reader that trusts nothing and a sequential writer.
 * Devicetree Specification v0.4, "Flattened Devicetree (DTB) Format".
 */
@NullMarked
package ristretto.fdt;

import org.jspecify.annotations.NullMarked;
