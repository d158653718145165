/** Debian's arm64 packages, fetched and unpacked without touching the host's package database. */
@NullMarked
package ristretto.tools.debian;

import org.jspecify.annotations.NullMarked;
