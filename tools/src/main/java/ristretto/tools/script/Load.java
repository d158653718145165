package ristretto.tools.script;

import java.util.OptionalLong;
import ristretto.tools.source.Position;

/**
 * A file that a script puts into memory.
 *
 * @param address physical
 * @param file as the script names it
 * @param size bytes of memory that it takes, where the file is beside the script
 */
public record Load(long address, String file, OptionalLong size, Position position) {}
