package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Rarely run: kept out of line, so that its registers do not burden the callers. */
@Retention(CLASS)
@Target(METHOD)
public @interface Cold {}
