package ristretto.lang;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * An entry from the vector table. Nothing reachable from it may allocate, throw or recurse, and its
 * deepest call chain must fit the per-CPU stack; the compiler proves each or fails the build with
 * the call path. The error of a failed check (bounds, null, cast, division) is not a throw: it is a
 * fault, taken by the fault handler.
 *
 * <p>The vector code has saved all registers, so a root preserves none (clang's {@code
 * preserve_none}): its first integer argument arrives in x20, its result leaves in x0.
 */
@Retention(CLASS)
@Target(METHOD)
public @interface TrapRoot {}
