package ristretto.core.cpu;

/** The locks a CPU holds, innermost last. Owner: sibling "mm" completes this class. */
public final class HeldLocks {}
