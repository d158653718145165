package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Rarely run. A method is kept out of line, so that its registers do not burden the callers, and it
 * is made small, with all that only such methods call. A class: each of its methods is made small.
 */
@Retention(CLASS)
@Target({METHOD, TYPE})
public @interface Cold {}
