package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Inlined in the image wherever the caller is worth speed: for small methods, and the few larger
 * ones on the path of every trap. Code that is made for size ({@link Cold}) calls it.
 */
@Retention(CLASS)
@Target(METHOD)
public @interface Inline {}
