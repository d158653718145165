@NullMarked
package ristretto.tools.check.rule;

import org.jspecify.annotations.NullMarked;
