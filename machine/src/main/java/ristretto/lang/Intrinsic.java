package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The compiler replaces this method by one instruction or one architected sequence; the Java body
 * is its specification and what runs on the JVM. Allowed in {@code ristretto.machine} only. The
 * compiler refuses an intrinsic that it does not know.
 */
@Retention(CLASS)
@Target(METHOD)
public @interface Intrinsic {}
