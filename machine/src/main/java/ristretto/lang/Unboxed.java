package ristretto.lang;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.CLASS;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * A record with one component that, in the image, is that component: a register, a descriptor, an
 * address, a view of a C struct, a proof that a lock is held. Never null, never compared with
 * {@code ==}, never used as an {@code Object}, an interface or a type argument; its canonical
 * constructor only stores.
 */
@Retention(CLASS)
@Target(TYPE)
public @interface Unboxed {}
