/** Boot scripts of U-Boot, read as text: what they load, and what they do to the device tree. */
@NullMarked
package ristretto.tools.script;

import org.jspecify.annotations.NullMarked;
