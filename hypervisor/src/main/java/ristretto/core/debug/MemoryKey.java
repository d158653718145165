package ristretto.core.debug;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.mm.Frames;
import ristretto.machine.BootHeap;

/** How much memory there is, and how much of it is free. */
final class MemoryKey implements DebugKey {
  @Override
  public int key() {
    return 'm';
  }

  @Override
  public String description() {
    return "memory info";
  }

  @Override
  public void press() {
    Log.print()
        .text("Physical memory: ")
        .dec(Frames.totalCount())
        .text(" pages of 4096 bytes, ")
        .dec(Frames.freeCount())
        .text(" free")
        .end();
    Log.print()
        .text("    the hypervisor's own: ")
        .dec(Frames.hypervisor().memory())
        .text(" + ")
        .dec(Frames.hypervisor().overhead())
        .text(" pages, ")
        .dec(BootHeap.used())
        .text(" bytes of objects")
        .end();
  }
}
