package ristretto.core.boot;

import ristretto.fdt.Text;
import ristretto.lang.HostOnly;

/**
 * Options of Xen's that this build does not act on, from docs/misc/xen-command-line.pandoc: who
 * gives one is told that it is not supported, and not that there is no such thing.
 */
final class KnownOptions {
  private static final String[] NAMES = {
    "acpi",
    "acpi_apic_instance",
    "argo",
    "availmem",
    "badpage",
    "bootscrub",
    "bootscrub_chunk",
    "buddy-alloc-size",
    "cet",
    "com1",
    "com2",
    "core_parking",
    "cpufreq",
    "crash-debug-debugkey",
    "crash-debug-hwdom",
    "crash-debug-kexeccmd",
    "crash-debug-panic",
    "crash-debug-watchdog",
    "crashinfo_maxaddr",
    "crashkernel",
    "credit2_balance_over",
    "credit2_balance_under",
    "credit2_load_precision_shift",
    "credit2_load_window_shift",
    "dbgp",
    "debug_stack_lines",
    "debugtrace",
    "dma_bits",
    "dom0",
    "dom0-cpuid",
    "dom0-iommu",
    "dom0-llc-colors",
    "dom0_nodes",
    "efi",
    "ept",
    "flask",
    "font",
    "global-pages",
    "gnttab",
    "hardware_dom",
    "hest_disable",
    "hpet",
    "iommu",
    "iommu_dev_iotlb_timeout",
    "irq-max-guests",
    "llc-coloring",
    "llc-nr-ways",
    "llc-size",
    "load-balance-ratelimit",
    "lock-depth-size",
    "low_crashinfo",
    "low_mem_virq_limit",
    "max_lpi_bits",
    "mem",
    "memop-max-order",
    "noirqbalance",
    "nosmp",
    "numa",
    "partial-emulation",
    "pci",
    "pci-passthrough",
    "pci-phantom",
    "pdx-compress",
    "ple_gap",
    "pv",
    "rcu-idle-timer-period-ms",
    "reboot",
    "rmrr",
    "sched-gran",
    "sched_credit2_max_cpus_runqueue",
    "sched_credit_tslice_ms",
    "sched_smt_power_savings",
    "scmi-smc-passthrough",
    "scrub-domheap",
    "serial_tx_buffer",
    "serrors",
    "snb_igd_quirk",
    "spec-ctrl",
    "tbuf_size",
    "tee",
    "tevt_mask",
    "tickle_one_idle_cpu",
    "timer_slop",
    "tsx",
    "ucode",
    "vcpu_migration_delay",
    "vesa-ram",
    "vga",
    "watchdog",
    "watchdog_timeout",
    "xen-llc-colors",
    "xenheap_megabytes",
    "xsm",
  };

  private KnownOptions() {}

  /** All of them, after {@code room} elements that are left free. */
  @HostOnly
  static String[] names(int room) {
    String[] names = new String[room + NAMES.length];
    System.arraycopy(NAMES, 0, names, room, NAMES.length);
    return names;
  }

  static boolean isKnown(Text name) {
    for (int i = 0; i < NAMES.length; i++) {
      if (name.is(NAMES[i])) {
        return true;
      }
    }
    return false;
  }
}
