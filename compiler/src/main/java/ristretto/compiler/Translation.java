package ristretto.compiler;

import java.util.Map;

/**
 * What the front end hands to the back end.
 *
 * @param c the C file; the same class files give the same bytes
 * @param constantsHeader {@code #define Class_CONSTANT value} for the assembly files
 * @param callGraph for the bound on the stack
 * @param javaNames {@code package.Class.method} by C function name, for backtraces
 */
public record Translation(
    String c, String constantsHeader, CallGraph callGraph, Map<String, String> javaNames) {}
