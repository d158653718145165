/**
 * The back end: one C file and a few assembly files to an ELF with debug information and an arm64
 * {@code Image}, by a pinned clang and lld. Also what must be known after code generation: the
 * symbol table for backtraces and the bound of the stack.
 */
@NullMarked
package ristretto.compiler.link;

import org.jspecify.annotations.NullMarked;
