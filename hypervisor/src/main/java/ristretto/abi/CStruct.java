package ristretto.abi;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The C type whose layout a view mirrors. Each {@code static final int} constant of the view is the
 * offset of the member of that name in lower case, unless {@link CMember} names it; {@code SIZEOF}
 * is the type's size. The layout test compiles the headers and compares.
 */
@Retention(RUNTIME)
@Target(TYPE)
public @interface CStruct {
  /** As C spells it: {@code struct evtchn_send}. */
  String value();
}
