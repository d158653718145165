package ristretto.compiler.link;

import java.util.List;

/**
 * One function of the generated C file, as the back end needs to know it.
 *
 * @param symbol its name in C
 * @param javaName {@code package.Class.method}
 * @param callees the C names of all that it may call, every target of a virtual call included
 * @param isTrapRoot entered from the vector table
 */
public record CFunction(String symbol, String javaName, List<String> callees, boolean isTrapRoot) {}
