package ristretto.twin.language;

import ristretto.twin.Cpus;
import ristretto.twin.Hash;
import ristretto.twin.Operands;
import ristretto.twin.Out;
import ristretto.twin.Twin;

/** switch on int, char, byte, String and enum, as statement and as expression. JLS 14.11, 15.28. */
@SuppressWarnings({
  "fallthrough",
  "StatementSwitchToExpressionSwitch",
  "EnumOrdinal"
}) // what is warned of is tested
public final class Switches implements Twin {
  enum Colour {
    RED,
    GREEN,
    BLUE,
    BLACK
  }

  @Override
  public String name() {
    return "Switches";
  }

  @Override
  public void run(Out out, Cpus cpus) {
    Hash dense = new Hash();
    Hash sparse = new Hash();
    Hash mixed = new Hash();
    for (int value : new Operands(17).ints()) {
      dense.add(dense(value));
      dense.add(dense(value & 15));
      sparse.add(sparse(value));
      mixed.add(fallThrough(value & 7));
      mixed.add(character((char) value));
      mixed.add(bytes((byte) value));
    }
    out.hash("dense", dense.value());
    out.hash("sparse", sparse.value());
    out.hash("mixed", mixed.value());
    String[] names = {"map", "unmap", "Aa", "BB", "AaAa", "BBBB", "", "query", "mapx"};
    for (String name : names) {
      out.text(name).dec(string(name)).end();
    }
    for (Colour colour : Colour.values()) {
      out.line("colour", colour(colour));
      out.line("mixture", mixture(colour, Colour.BLUE));
    }
    out.line("nested", nested(2, 3));
  }

  private static int dense(int value) {
    return switch (value) {
      case 0 -> 10;
      case 1 -> 21;
      case 2, 3, 4 -> value * 7;
      case 5 -> {
        int square = value * value;
        yield square - 1;
      }
      case 6 -> -1;
      case 9 -> 99;
      default -> 1000 + (value & 3);
    };
  }

  private static int sparse(int value) {
    switch (value) {
      case Integer.MIN_VALUE:
        return 1;
      case -129:
        return 2;
      case -1:
        return 3;
      case 127:
        return 4;
      case 65_536:
        return 5;
      case 0x0123_4567:
        return 6;
      case Integer.MAX_VALUE:
        return 7;
      default:
        return 0;
    }
  }

  private static int fallThrough(int value) {
    int result = 0;
    switch (value) {
      case 1:
        result += 1;
      case 2:
        result += 10;
        break;
      default:
        result += 100;
      case 4:
        result += 1000;
      case 5:
        if (result > 500) {
          break;
        }
        result += 10_000;
    }
    return result;
  }

  private static int character(char value) {
    return switch (value) {
      case 'a', 'e', 'i' -> 1;
      case '0' -> 2;
      case '\uffff' -> 3;
      case '\u8000' -> 4;
      default -> 0;
    };
  }

  private static int bytes(byte value) {
    return switch (value) {
      case -128 -> 1;
      case -1 -> 2;
      case 127 -> 3;
      default -> 0;
    };
  }

  /** "Aa" and "BB" have the same hash code. */
  private static int string(String name) {
    return switch (name) {
      case "map" -> 1;
      case "unmap" -> 2;
      case "Aa" -> 3;
      case "BB" -> 4;
      case "AaAa" -> 5;
      case "AaBB" -> 6;
      case "" -> 7;
      default -> -1;
    };
  }

  private static int colour(Colour colour) {
    switch (colour) {
      case RED:
        return 1;
      case BLUE:
        return 3;
      default:
        return 0;
    }
  }

  private static int mixture(Colour one, Colour other) {
    return switch (one) {
      case RED ->
          switch (other) {
            case BLUE -> 5;
            default -> 6;
          };
      case GREEN -> other == Colour.BLUE ? 7 : 8;
      case BLUE, BLACK -> 9 + one.ordinal();
    };
  }

  private static int nested(int outer, int inner) {
    int steps = 0;
    loop:
    while (true) {
      switch (outer) {
        case 0:
          break loop;
        case 1:
          outer = 0;
          continue loop;
        default:
          for (int i = 0; ; i++) {
            steps++;
            if (i == inner) {
              break;
            }
          }
          outer--;
      }
    }
    return steps;
  }
}
