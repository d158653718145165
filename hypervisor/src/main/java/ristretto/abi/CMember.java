package ristretto.abi;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The member that an offset constant of a {@link CStruct} is for, where its name does not say so.
 */
@Retention(RUNTIME)
@Target(FIELD)
public @interface CMember {
  /** A member designator, as in {@code offsetof}: {@code u.settime64.secs}. */
  String value();
}
