package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** A static method that assembly calls by the given C symbol: a root of the closed world. */
@Retention(CLASS)
@Target(METHOD)
public @interface Export {
  /** The C symbol. */
  String value();
}
