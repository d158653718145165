@NullMarked
package ristretto.tools.script;

import org.jspecify.annotations.NullMarked;
