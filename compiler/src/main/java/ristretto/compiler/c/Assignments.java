package ristretto.compiler.c;

import java.lang.constant.ClassDesc;
import ristretto.compiler.world.World;

/** The discipline of unboxed records: never null, never seen as anything but themselves. */
final class Assignments {
  private Assignments() {}

  /** Whether a value may go to a place of that type; {@code place} names it in the message. */
  static void check(World world, Value value, ClassDesc to, String place) {
    ClassDesc from = value.type();
    if (to.isPrimitive() || from.equals(to)) {
      return;
    }
    if (world.isUnboxed(to)) {
      throw value.isNull()
          ? new Unsupported(
              "null for the @Unboxed " + to.displayName() + " (" + place + ")",
              "an unboxed record is never null: use a value of it that means nothing")
          : new Unsupported(
              "a "
                  + from.displayName()
                  + " becomes the @Unboxed "
                  + to.displayName()
                  + " ("
                  + place
                  + ")",
              "an unboxed record cannot come out of a generic or Object place");
    }
    if (!value.isNull() && world.isUnboxed(from)) {
      throw new Unsupported(
          "the @Unboxed "
              + from.displayName()
              + " is used as "
              + to.displayName()
              + " ("
              + place
              + ")",
          "an unboxed record has no identity: declare the place with the record's own type");
    }
  }
}
