package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Never inlined in the image: for a method that is often called but needs many registers, so that
 * only its own callers pay for saving them.
 */
@Retention(CLASS)
@Target(METHOD)
public @interface NoInline {}
