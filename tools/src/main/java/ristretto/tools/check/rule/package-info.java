/** What is looked for: one class a rule. docs/check.md explains each one. */
@NullMarked
package ristretto.tools.check.rule;

import org.jspecify.annotations.NullMarked;
