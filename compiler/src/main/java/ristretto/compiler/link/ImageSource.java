package ristretto.compiler.link;

import java.nio.file.Path;
import java.util.List;

/**
 * What an image is made of.
 *
 * @param c the program as one C file
 * @param constantsHeader {@code constants.h}, which the assembly files include
 * @param functions every function of {@code c} that was translated from Java
 * @param assembly directories; each {@code .S} file in them is assembled
 */
public record ImageSource(
    String c, String constantsHeader, List<CFunction> functions, List<Path> assembly) {}
