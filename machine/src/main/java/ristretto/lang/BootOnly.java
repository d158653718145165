package ristretto.lang;

import static java.lang.annotation.ElementType.CONSTRUCTOR;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** May allocate and throw; the compiler refuses a call path from a {@link TrapRoot}. */
@Retention(CLASS)
@Target({METHOD, CONSTRUCTOR})
public @interface BootOnly {}
