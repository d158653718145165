package ristretto.lang;

import static java.lang.annotation.ElementType.CONSTRUCTOR;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Absent from the image; code of the image that reaches it fails the build. */
@Retention(CLASS)
@Target({TYPE, METHOD, CONSTRUCTOR})
public @interface HostOnly {}
