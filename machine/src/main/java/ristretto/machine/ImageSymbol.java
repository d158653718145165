package ristretto.machine;

import ristretto.lang.Intrinsic;

/**
 * Addresses that the linker gives: the parts of the image, each aligned to 4096 bytes, in this
 * order. The image is linked at {@link #LINK_BASE} and mapped there at EL2; RAM and devices are
 * mapped at their physical addresses.
 */
public enum ImageSymbol {
  /** First byte: the arm64 Image header, then code. Read and execute. */
  TEXT_START("_text_start"),
  TEXT_END("_text_end"),
  /** Constants, build-time objects with final fields only, symbol table. Read only. */
  RODATA_START("_rodata_start"),
  RODATA_END("_rodata_end"),
  /** Build-time objects that change, then zero-initialised data and stacks. Read and write. */
  DATA_START("_data_start"),
  /** End of the image in RAM, including what is not in the file. */
  IMAGE_END("_image_end"),
  /** Function names and lines for backtraces; see the compiler's SymbolTable. */
  SYMBOLS_START("_symbols_start"),
  SYMBOLS_END("_symbols_end"),
  /** Among the constants: the ELF note with the linker's hash of the image. */
  BUILD_ID("_build_id"),
  /** 64-bit word, written by the entry code: the physical address at which the image was loaded. */
  LOAD_ADDRESS("_load_address"),
  /** The stacks of the CPUs (entry.S), each in an area with guard pages. */
  CPU_STACKS("cpu_stacks"),
  /** The tables with which the MMU is turned on (entry.S). */
  BOOT_TABLES("boot_tables"),
  /** Room for the tables that are added while booting (entry.S). */
  STAGE1_TABLES("stage1_tables"),
  /** Memory for the objects that exist before there are frames (entry.S). */
  EARLY_HEAP("early_heap"),
  /** The code that runs at its physical address when the MMU goes on (entry.S). */
  ENABLE_MMU("enable_mmu"),
  /** Where firmware starts a CPU, with the MMU off (entry.S). */
  SECONDARY_ENTRY("secondary_entry"),
  /** Vector table without a branch history loop, and with one (vectors.S). */
  VECTORS_PLAIN("vectors_plain"),
  VECTORS_LOOP("vectors_loop"),
  /** Vector table that calls firmware on every entry, and the 32-bit function that it calls. */
  VECTORS_FIRMWARE("vectors_firmware"),
  FIRMWARE_WORKAROUND("firmware_workaround");

  /** Virtual address of {@link #TEXT_START}. */
  public static final long LINK_BASE = 0x8000_0000_0000L;

  private final String symbol;

  ImageSymbol(String symbol) {
    this.symbol = symbol;
  }

  /** Hypervisor virtual address of the symbol. */
  @Intrinsic
  public long address() {
    return Machine.current().imageSymbol(this);
  }

  /** The linker's name. */
  public String symbol() {
    return symbol;
  }
}
