/** The host machine as the tool sees it: commands, packages, cache, progress. */
@NullMarked
package ristretto.tools.host;

import org.jspecify.annotations.NullMarked;
