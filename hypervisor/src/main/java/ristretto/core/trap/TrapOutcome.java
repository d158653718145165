package ristretto.core.trap;

/** What a handler decided; only {@link Traps} moves the program counter or injects. */
public enum TrapOutcome {
  /** The handler left the program counter where it belongs. */
  RESUME,
  /** Step over the trapped instruction. */
  ADVANCE,
  /** The guest takes an Undefined Instruction exception at the trapped instruction. */
  UNDEFINED,
  /** The guest takes a synchronous external abort at the trapped instruction. */
  ABORT
}
