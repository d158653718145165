package ristretto.twin;

import ristretto.twin.device.GicTwin;
import ristretto.twin.device.Ns16550Twin;
import ristretto.twin.device.Pl011Twin;
import ristretto.twin.language.Access;
import ristretto.twin.language.Arrays;
import ristretto.twin.language.Atomics;
import ristretto.twin.language.BitFields;
import ristretto.twin.language.ConstantData;
import ristretto.twin.language.ConstantDivision;
import ristretto.twin.language.ControlFlow;
import ristretto.twin.language.Conversions;
import ristretto.twin.language.Dispatch;
import ristretto.twin.language.Enums;
import ristretto.twin.language.EvaluationOrder;
import ristretto.twin.language.Exceptions;
import ristretto.twin.language.Fields;
import ristretto.twin.language.Generics;
import ristretto.twin.language.Helpers;
import ristretto.twin.language.Initialisation;
import ristretto.twin.language.IntArithmetic;
import ristretto.twin.language.LongArithmetic;
import ristretto.twin.language.Nested;
import ristretto.twin.language.Parallel;
import ristretto.twin.language.Programs;
import ristretto.twin.language.RawMemory;
import ristretto.twin.language.Strings;
import ristretto.twin.language.Switches;
import ristretto.twin.language.TypeTests;
import ristretto.twin.language.Unwinding;

/** All twins that end well. */
@SuppressWarnings("MutablePublicArray") // what is warned of is tested
public final class Twins {
  private Twins() {}

  /** In the order in which they run; made at build time in the image. */
  public static final Twin[] ALL = {
    new IntArithmetic(),
    new LongArithmetic(),
    new ConstantDivision(),
    new Conversions(),
    new Helpers(),
    new BitFields(),
    new ControlFlow(),
    new Switches(),
    new Arrays(),
    new Strings(),
    new Enums(),
    new Fields(),
    new TypeTests(),
    new Dispatch(),
    new Generics(),
    new Nested(),
    new Initialisation(),
    new Exceptions(),
    new Programs(),
    new RawMemory(),
    new Atomics(),
    new Parallel(),
    new EvaluationOrder(),
    new ConstantData(),
    new Access(),
    new Unwinding(),
    new Pl011Twin(),
    new Ns16550Twin(),
    new GicTwin()
  };
}
