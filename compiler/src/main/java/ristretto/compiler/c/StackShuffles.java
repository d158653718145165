package ristretto.compiler.c;

import java.lang.classfile.Opcode;
import java.util.List;

/** dup, pop, swap. A long takes two places of the bytecode's stack but one of ours. */
final class StackShuffles {
  private StackShuffles() {}

  static void apply(Opcode opcode, State state) {
    List<Value> stack = state.places();
    int top = stack.size() - 1;
    switch (opcode) {
      case POP -> stack.removeLast();
      case POP2 -> remove(stack, places(stack, top));
      case DUP -> copy(state, 1, 0);
      case DUP_X1 -> copy(state, 1, 1);
      case DUP_X2 -> copy(state, 1, places(stack, top - 1));
      case DUP2 -> copy(state, places(stack, top), 0);
      case DUP2_X1 -> copy(state, places(stack, top), 1);
      case DUP2_X2 -> {
        int count = places(stack, top);
        copy(state, count, places(stack, top - count));
      }
      case SWAP -> stack.add(stack.remove(top - 1));
      default -> throw new IllegalStateException(opcode.toString());
    }
  }

  /** Our places that two of the bytecode's are, ending at {@code index}. */
  private static int places(List<Value> stack, int index) {
    return stack.get(index).isWide() ? 1 : 2;
  }

  private static void remove(List<Value> stack, int count) {
    for (int i = 0; i < count; i++) {
      stack.removeLast();
    }
  }

  /** Copies the top {@code count} places below the {@code below} places under them. */
  private static void copy(State state, int count, int below) {
    state.atomizeTop(count);
    List<Value> stack = state.places();
    int from = stack.size() - count;
    stack.addAll(from - below, List.copyOf(stack.subList(from, stack.size())));
  }
}
