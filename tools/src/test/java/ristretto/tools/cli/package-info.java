@NullMarked
package ristretto.tools.cli;

import org.jspecify.annotations.NullMarked;
