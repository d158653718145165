package ristretto.core.cpu;

import ristretto.arch.Smccc;
import ristretto.core.console.Log;
import ristretto.lang.Bits;
import ristretto.machine.Barrier;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * What a CPU's speculation lets a guest do to EL2, the vector table that prevents it, and what
 * guests are told. Arm, "Vulnerability of Speculative Processors to Cache Timing Side-Channel
 * Mechanism"; "Spectre-BHB: Speculative Target Reuse Attacks", whose rounds of the loop by CPU
 * these are; DEN 0028 (SMCCC), "Arm Architecture Calls".
 */
public final class Mitigations {
  /** ID_AA64PFR0_EL1.CSV2: branches of one context do not follow another's history either. */
  private static final int CSV2_3 = 3;

  /** Argument of ARCH_WORKAROUND_2: stores are not bypassed. */
  private static final int ON = 1;

  // Of a CPU's answers: branch targets (the first workaround), stores (2), branch history (3).
  private static final int TARGETS = 0;
  private static final int STORES = 1;
  private static final int HISTORY = 2;
  private static final int WORKAROUNDS = 3;

  /** By CPU: what guests are told there of each of the workarounds. */
  private static final int[] ANSWERS = new int[Cpus.MAXIMUM * WORKAROUNDS];

  private Mitigations() {}

  /** Chooses this CPU's vector table. {@link PhysicalPsci} knows the firmware. */
  public static void startThisCpu() {
    int firmware = firmwareCall();
    if (firmware != 0) {
      Memory.store32(ImageSymbol.FIRMWARE_WORKAROUND.address(), firmware);
    }
    Cpu.current().historyRounds = historyLoop();
    SysReg.VBAR_EL2.write(vectors(firmware));
    Barrier.isb(); // before the first exception from a guest
    int targets = branchTargetsHere(firmware);
    if (targets == Smccc.NOT_SUPPORTED) {
      Log.warn()
          .text("CPU ")
          .dec(Cpu.current().index)
          .text(": guests can steer its branch predictor (Spectre v2); its firmware has no help")
          .end();
    }
    int first = Cpu.current().index * WORKAROUNDS;
    ANSWERS[first + TARGETS] = targets;
    ANSWERS[first + STORES] = stopStoreBypass();
    ANSWERS[first + HISTORY] = branchHistoryHere(firmware);
  }

  /**
   * What ARCH_FEATURES says to a guest about one of the three workarounds: 0 to be called, {@link
   * Smccc#NOT_REQUIRED_HERE}, {@link Smccc#NOT_REQUIRED} or {@link Smccc#NOT_SUPPORTED}.
   */
  public static int offered(int workaround) {
    return switch (workaround) {
      case Smccc.ARCH_WORKAROUND_1 -> worst(TARGETS);
      case Smccc.ARCH_WORKAROUND_2 -> worst(STORES);
      case Smccc.ARCH_WORKAROUND_3 -> worst(HISTORY);
      default -> Smccc.NOT_SUPPORTED;
    };
  }

  /** Of the CPUs that the calling vCPU may change to, the worst answer. */
  private static int worst(int which) {
    Cpu here = Cpu.current();
    int answer = ANSWERS[here.index * WORKAROUNDS + which];
    for (int i = 0; i < Cpus.count(); i++) {
      if ((here.peers >>> i & 1) != 0) {
        answer = worse(answer, ANSWERS[i * WORKAROUNDS + which]);
      }
    }
    return answer;
  }

  /** Not supported is worst, then what a guest must call, then what it need not. */
  private static int worse(int one, int other) {
    if (one == Smccc.NOT_SUPPORTED || other == Smccc.NOT_SUPPORTED) {
      return Smccc.NOT_SUPPORTED;
    }
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }

  /**
   * The call that this CPU needs on each entry from a guest and its firmware offers, or 0. The
   * third workaround does what the first does, and discards branch history too.
   */
  static int firmwareCall() {
    boolean targets = sharesBranchTargets();
    if (!targets && !needsFirmwareForHistory()) {
      return 0;
    }
    if (PhysicalPsci.archFeature(Smccc.ARCH_WORKAROUND_3) == 0) {
      return Smccc.ARCH_WORKAROUND_3;
    }
    return targets && PhysicalPsci.archFeature(Smccc.ARCH_WORKAROUND_1) == 0
        ? Smccc.ARCH_WORKAROUND_1
        : 0;
  }

  static long vectors(int firmware) {
    if (firmware != 0) {
      return ImageSymbol.VECTORS_FIRMWARE.address();
    }
    return historyLoop() == 0
        ? ImageSymbol.VECTORS_PLAIN.address()
        : ImageSymbol.VECTORS_LOOP.address();
  }

  /** Rounds of the loop that discards branch history on this CPU; 0: it needs none, or more. */
  private static int historyLoop() {
    if (keepsHistoryApart()) {
      return 0;
    }
    return switch (CpuPart.here()) {
      // Early revisions share branch targets between exception levels: no loop helps there.
      case CpuPart.CORTEX_A57, CpuPart.CORTEX_A72 -> sharesBranchTargets() ? 0 : 8;
      case CpuPart.CORTEX_A76, CpuPart.CORTEX_A76AE, CpuPart.CORTEX_A77, CpuPart.NEOVERSE_N1 -> 24;
      case CpuPart.CORTEX_A78,
          CpuPart.CORTEX_A78AE,
          CpuPart.CORTEX_A78C,
          CpuPart.CORTEX_X1,
          CpuPart.CORTEX_A710,
          CpuPart.CORTEX_X2,
          CpuPart.NEOVERSE_N2,
          CpuPart.NEOVERSE_V1 ->
          32;
      default -> 0;
    };
  }

  /** Branches at EL2 may go where a guest has trained them to (Spectre v2). */
  private static boolean sharesBranchTargets() {
    return csv2() == 0
        && !isInOrder()
        && PhysicalPsci.archFeature(Smccc.ARCH_WORKAROUND_1) != Smccc.NOT_REQUIRED_HERE;
  }

  /** They hardly speculate at all. */
  private static boolean isInOrder() {
    return switch (CpuPart.here()) {
      case CpuPart.CORTEX_A34,
          CpuPart.CORTEX_A35,
          CpuPart.CORTEX_A53,
          CpuPart.CORTEX_A55,
          CpuPart.CORTEX_A510 ->
          true;
      default -> false;
    };
  }

  private static boolean needsFirmwareForHistory() {
    return switch (CpuPart.here()) {
      case CpuPart.CORTEX_A73, CpuPart.CORTEX_A75 -> !keepsHistoryApart();
      default -> false;
    };
  }

  /** FEAT_CSV2_3, or FEAT_ECBHB: exceptions do not carry branch history upwards. */
  private static boolean keepsHistoryApart() {
    return csv2() >= CSV2_3 || Bits.get(SysReg.ID_AA64MMFR1_EL1.read(), 63, 60) != 0;
  }

  private static int branchTargetsHere(int firmware) {
    if (!sharesBranchTargets()) {
      return Smccc.NOT_REQUIRED_HERE;
    }
    return firmware != 0 ? 0 : Smccc.NOT_SUPPORTED;
  }

  private static int branchHistoryHere(int firmware) {
    if (firmware != 0 || historyLoop() != 0) {
      return 0;
    }
    return sharesBranchTargets() || needsFirmwareForHistory()
        ? Smccc.NOT_SUPPORTED
        : Smccc.NOT_REQUIRED_HERE;
  }

  /** Where firmware can switch it, for good (Spectre v4); where not, what firmware says. */
  private static int stopStoreBypass() {
    int feature = PhysicalPsci.archFeature(Smccc.ARCH_WORKAROUND_2);
    if (feature != 0) {
      return feature;
    }
    long _ = PhysicalPsci.call(Smccc.ARCH_WORKAROUND_2 & 0xffff_ffffL, ON, 0, 0);
    return Smccc.NOT_REQUIRED_HERE;
  }

  private static int csv2() {
    return (int) Bits.get(SysReg.ID_AA64PFR0_EL1.read(), 59, 56);
  }
}
