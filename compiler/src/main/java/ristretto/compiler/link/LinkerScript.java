package ristretto.compiler.link;

import java.util.Set;

/**
 * How the image is laid out. The symbols and their order are those of {@code
 * ristretto.machine.ImageSymbol}; each part begins on a page, so that EL2 can map text, constants
 * and data with different rights.
 *
 * <p>Everything is linked at one virtual address. Code that runs before the MMU is on reaches its
 * data with ADRP, which does not care where the image was loaded.
 */
final class LinkerScript {
  /** {@code ImageSymbol.LINK_BASE}; a test compares the two. */
  static final long LINK_BASE = 0x8000_0000_0000L;

  /** The sections that the script places; any other allocated section is a mistake. */
  static final Set<String> SECTIONS =
      Set.of(".text", ".rodata", ".symbols", ".data", ".bss", ".stacks");

  private LinkerScript() {}

  static String text() {
    return """
    SECTIONS
    {
      . = 0x%x;
      _text_start = .;
      .text : ALIGN(4096) {
        KEEP(*(.head))              /* the arm64 Image header comes first */
        KEEP(*(.vectors))
        *(.text.hot .text.hot.*)
        *(.text .text.*)
      }
      . = ALIGN(4096);
      _text_end = .;

      _rodata_start = .;
      .rodata : ALIGN(4096) {
        _build_id = .;
        KEEP(*(.note.gnu.build-id))
        *(.rodata .rodata.*)
      }
      .symbols : ALIGN(16) {
        _symbols_start = .;
        KEEP(*(.symbols))
        _symbols_end = .;
      }
      . = ALIGN(4096);
      _rodata_end = .;

      _data_start = .;
      .data : ALIGN(4096) { *(.data .data.*) }
      .bss (NOLOAD) : ALIGN(16) {
        _bss_start = .;
        *(.bss .bss.* COMMON)
        . = ALIGN(16);
        _bss_end = .;
      }
      .stacks (NOLOAD) : ALIGN(4096) {
        _stacks_start = .;
        *(.stacks .stacks.*)
        _stacks_end = .;
      }
      . = ALIGN(4096);
      _image_end = .;
      _image_size = _image_end - _text_start;

      /DISCARD/ : { *(.comment) *(.note .note.*) *(.eh_frame) *(.ARM.attributes) }
    }
    """
        .formatted(LINK_BASE);
  }
}
