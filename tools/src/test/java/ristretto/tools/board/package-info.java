@NullMarked
package ristretto.tools.board;

import org.jspecify.annotations.NullMarked;
