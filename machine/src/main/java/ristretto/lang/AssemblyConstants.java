package ristretto.lang;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The class's {@code static final int} and {@code long} constants are written to the header that
 * the assembly files include, as {@code ClassName_CONSTANT}: a layout is declared once, in Java.
 */
@Retention(CLASS)
@Target(TYPE)
public @interface AssemblyConstants {}
