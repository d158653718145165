package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.fdt.Fdt;
import ristretto.fdt.Text;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;

/**
 * What has to be known before anything can be said: the device tree, the command line in it, and
 * the console that these ask for. Whatever else is wrong with the tree can then be told there.
 */
public final class LoaderTree {
  public final Fdt tree;

  /** What should be said on the console, in the order in which it was noticed. */
  public final Reports reports = new Reports();

  public final Chosen chosen;
  public final CommandLine commandLine;

  /** The console's UART; null if there is none, and then a report says why. */
  public final @Nullable UartInfo uart;

  /**
   * Reads the tree at hypervisor address {@code deviceTree}; nothing else need be mapped.
   *
   * @throws BootException if there is no tree, or no /chosen in it: then there is no console either
   */
  @BootOnly
  public LoaderTree(long deviceTree) {
    tree = Fdt.open(deviceTree);
    chosen = new Chosen(tree, reports);
    commandLine = CommandLine.parse(arguments(), reports);
    uart = UartInfo.find(tree, commandLine, chosen.node(), reports);
  }

  @BootOnly
  private Text arguments() {
    try {
      return chosen.hypervisorArguments();
    } catch (BootException e) {
      reports.add(e.reason());
      return Text.empty();
    }
  }
}
