package ristretto.compiler.c;

import java.util.Map;
import ristretto.compiler.CallGraph;

/** The C file, who calls whom in it, and the Java name of each function. */
public record TranslatedProgram(String c, CallGraph callGraph, Map<String, String> javaNames) {}
