package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Always inlined in the image: for the few methods on the path of every trap. */
@Retention(CLASS)
@Target(METHOD)
public @interface Inline {}
