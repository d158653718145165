package ristretto.compiler.c;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.world.MethodInfo;

/**
 * Methods that the compiler writes itself, as C templates: {@code $0} is the receiver or first
 * argument, {@code @0} the same as a base and an offset. {@code %} before a template says that it
 * is a plain expression: no effect, no fault, safe to write where its value is used.
 */
final class Intrinsics {
  /** Methods that need more than a template; {@link MethodTranslator} has a case for each. */
  static final String SPECIAL = "special";

  static final String CPU_LOCAL_SET = "ristretto/machine/CpuLocal.set";

  private static final String ATOMIC = "java/util/concurrent/atomic/Atomic";

  private final Map<String, String> templates = new HashMap<>();

  Intrinsics() {
    memory();
    maintenance();
    processor();
    integers();
    strings();
    atomics("Integer", "int32_t");
    atomics("Long", "int64_t");
    atomics("Reference", "void *");
    atomics("Boolean", "int32_t");
    atomicArrays("IntegerArray", "int32_t", "I");
    atomicArrays("LongArray", "int64_t", "J");
  }

  /** The template for a method; null when its bytecode is to be translated. */
  @Nullable String template(MethodInfo method) {
    String name = method.owner().name() + "." + method.name();
    String exact = templates.get(name + method.type().descriptorString());
    String template = exact != null ? exact : templates.get(name);
    boolean ours = method.owner().name().startsWith("ristretto/");
    return ours && !method.has("Intrinsic") ? null : template;
  }

  private void put(String name, String template) {
    templates.put(name, template);
  }

  private void memory() {
    String memory = "ristretto/machine/Memory.";
    for (String width : new String[] {"8", "16", "32", "64"}) {
      put(memory + "load" + width, "load" + width + "(@0)");
      put(memory + "store" + width, "store" + width + "(@0, $1)");
    }
    for (String width : new String[] {"32", "64"}) {
      put(memory + "load" + width + "Acquire", "load" + width + "_acquire($0)");
      put(memory + "store" + width + "Release", "store" + width + "_release($0, $1)");
      put(memory + "compareAndExchange" + width, "exchange" + width + "($0, $1, $2)");
    }
    put(memory + "compareAndExchange16", "exchange16($0, (uint16_t)($1), (uint16_t)($2))");
    put(memory + "copy", "(void)memcpy((void *)($0), (void *)($1), (uint64_t)($2))");
    put(memory + "zero", "memory_zero($0, $1)");
    put("ristretto/machine/BootHeap.give", "heap_give($0, $1)");
    put("ristretto/machine/BootHeap.seal", "heap_seal()");
    put("ristretto/machine/BootHeap.used", "heap_used()");
  }

  private void instruction(String name, String instruction) {
    put("ristretto/machine/" + name, "__asm__ volatile(\"" + instruction + "\" ::: \"memory\")");
  }

  private void instructionOn(String name, String instruction) {
    put(
        "ristretto/machine/" + name,
        "__asm__ volatile(\"" + instruction + ", %0\" :: \"r\"($0) : \"memory\")");
  }

  private void maintenance() {
    instruction("Barrier.dsbSy", "dsb sy");
    instruction("Barrier.dsbIsh", "dsb ish");
    instruction("Barrier.dsbIshst", "dsb ishst");
    instruction("Barrier.dsbNshst", "dsb nshst");
    instruction("Barrier.dmbIsh", "dmb ish");
    instruction("Barrier.dmbIshst", "dmb ishst");
    instruction("Barrier.dmbIshld", "dmb ishld");
    instruction("Barrier.isb", "isb");
    instruction("Barrier.takeSystemErrors", "msr daifclr, #4\\n\\tisb\\n\\tmsr daifset, #4");
    instructionOn("Cache.clean", "dc cvac");
    instructionOn("Cache.cleanInvalidate", "dc civac");
    instructionOn("Cache.invalidate", "dc ivac");
    instructionOn("Cache.zeroBlock", "dc zva");
    instruction("Cache.invalidateInstructions", "ic ialluis");
    instruction("Tlb.alle2", "tlbi alle2");
    instructionOn("Tlb.vae2is", "tlbi vae2is");
    instruction("Tlb.vmalle1", "tlbi vmalle1");
    instruction("Tlb.vmalle1is", "tlbi vmalle1is");
    instruction("Tlb.vmalls12e1", "tlbi vmalls12e1");
    instruction("Tlb.vmalls12e1is", "tlbi vmalls12e1is");
    instructionOn("Tlb.ipas2e1is", "tlbi ipas2e1is");
    instruction("Tlb.alle1is", "tlbi alle1is");
    instructionOn("AddressTranslation.s1e1r", "at s1e1r");
    instructionOn("AddressTranslation.s1e1w", "at s1e1w");
    instructionOn("AddressTranslation.s12e1r", "at s12e1r");
    instructionOn("AddressTranslation.s12e1w", "at s12e1w");
  }

  private void processor() {
    instruction("Hint.waitForInterrupt", "dsb sy\\n\\twfi");
    instruction("Hint.waitForEvent", "wfe");
    instruction("Hint.sendEvent", "sev");
    instruction("Hint.spin", "yield");
    put("ristretto/machine/Hint.interleave", "(void)0");
    put("java/lang/Thread.onSpinWait", "__asm__ volatile(\"yield\" ::: \"memory\")");
    put("ristretto/machine/SysReg.read", SPECIAL);
    put("ristretto/machine/SysReg.write", SPECIAL);
    put("ristretto/machine/ImageSymbol.address", SPECIAL);
    put("ristretto/machine/CpuLocal.get", SPECIAL);
    put(CPU_LOCAL_SET, SPECIAL);
    put("ristretto/machine/Firmware.call", "secure_monitor_call($0)");
    put("ristretto/machine/FloatingPoint.save", "floating_point_save($0)");
    put("ristretto/machine/FloatingPoint.restore", "floating_point_restore($0)");
  }

  private void integers() {
    integers("java/lang/Integer.", "int32_t", "uint32_t", "", "32");
    integers("java/lang/Long.", "int64_t", "uint64_t", "l", "64");
    put("java/lang/Integer.toUnsignedLong", "%(int64_t)(uint32_t)($0)");
    put("java/lang/Short.toUnsignedInt", "%(int32_t)(uint16_t)($0)");
    put("java/lang/Byte.toUnsignedInt", "%(int32_t)(uint8_t)($0)");
    put("java/lang/Short.toUnsignedLong", "%(int64_t)(uint16_t)($0)");
    put("java/lang/Byte.toUnsignedLong", "%(int64_t)(uint8_t)($0)");
    put("java/lang/Math.multiplyHigh", "%(int64_t)(((__int128)($0) * ($1)) >> 64)");
    put(
        "java/lang/Math.unsignedMultiplyHigh",
        "%(int64_t)(((unsigned __int128)(uint64_t)($0) * (uint64_t)($1)) >> 64)");
    for (String type : new String[] {"I", "J"}) {
      put("java/lang/Math.min(" + type + type + ")" + type, "($0) < ($1) ? ($0) : ($1)");
      put("java/lang/Math.max(" + type + type + ")" + type, "($0) > ($1) ? ($0) : ($1)");
    }
  }

  private void integers(String owner, String c, String unsigned, String suffix, String bits) {
    put(owner + "compare", SPECIAL);
    put(owner + "compareUnsigned", SPECIAL);
    put(
        owner + "divideUnsigned",
        "(" + c + ")((" + unsigned + ")($0) / (" + unsigned + ")nonzero((" + unsigned + ")($1)))");
    put(
        owner + "remainderUnsigned",
        "(" + c + ")((" + unsigned + ")($0) % (" + unsigned + ")nonzero((" + unsigned + ")($1)))");
    put(
        owner + "numberOfLeadingZeros",
        "($0) == 0 ? " + bits + " : __builtin_clz" + suffix + "((" + unsigned + ")($0))");
    put(
        owner + "numberOfTrailingZeros",
        "($0) == 0 ? " + bits + " : __builtin_ctz" + suffix + "((" + unsigned + ")($0))");
    put(owner + "bitCount", "__builtin_popcount" + suffix + "((" + unsigned + ")($0))");
    put(owner + "reverseBytes", "%(" + c + ")__builtin_bswap" + bits + "((" + unsigned + ")($0))");
    put(owner + "min", "($0) < ($1) ? ($0) : ($1)");
    put(owner + "max", "($0) > ($1) ? ($0) : ($1)");
    put(owner + "sum", "%($0) + ($1)");
  }

  private void strings() {
    String string = "java/lang/String.";
    put(string + "length", "(int32_t)LENGTH($0)");
    put(string + "isEmpty", "LENGTH($0) == 0");
    put(string + "charAt", "string_char($0, $1)");
    put(string + "hashCode", "string_hash($0)");
    put(string + "equals", "string_equals($0, (void *)$1)");
    put(string + "compareTo(Ljava/lang/String;)I", "string_compare($0, $1)");
    put(string + "endsWith", "string_ends_with($0, $1)");
    put(string + "indexOf(I)I", "string_index_of($0, $1)");
    put(string + "toString", "$0");
    put("java/lang/Enum.compareTo(Ljava/lang/Enum;)I", "enum_compare($0, $1)");
    put(string + "startsWith(Ljava/lang/String;)Z", "string_starts_with($0, $1)");
    put("java/lang/Object.<init>", "(void)0");
    put("java/lang/Record.<init>", "(void)0");
    put("java/lang/Number.<init>", "(void)0");
    put("java/util/Objects.requireNonNull(Ljava/lang/Object;)Ljava/lang/Object;", SPECIAL);
    put(
        "java/util/Objects.requireNonNull(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;",
        SPECIAL);
    put("java/util/Objects.checkIndex(II)I", SPECIAL);
    put("java/lang/System.arraycopy", SPECIAL);
    put("java/util/Arrays.fill", SPECIAL);
    String throwable = "java/lang/Throwable.";
    String field = "((struct java_lang_Throwable *)($0))->f_";
    put(throwable + "<init>()V", "(void)0");
    put(throwable + "<init>(Ljava/lang/String;)V", field + "detailMessage = $1");
    put(
        throwable + "<init>(Ljava/lang/String;Ljava/lang/Throwable;)V",
        field + "detailMessage = $1; " + field + "cause = $2");
    put(
        throwable + "<init>(Ljava/lang/String;Ljava/lang/Throwable;ZZ)V",
        field + "detailMessage = $1; " + field + "cause = $2");
    put(throwable + "getMessage", field + "detailMessage");
    put(throwable + "getCause", field + "cause");
    put(throwable + "fillInStackTrace", "$0");
    put(throwable + "addSuppressed", "(void)0");
  }

  /** Access modes as java.lang.invoke.VarHandle names them. */
  private void atomics(String name, String c) {
    String owner = ATOMIC + name + ".";
    String at = "&((struct java_util_concurrent_atomic_Atomic" + name + " *)($0))->f_value";
    access(owner, c, at, "$1", "$2");
  }

  private void atomicArrays(String name, String c, String letter) {
    String owner = ATOMIC + name + ".";
    String at = "atomic_element_" + letter + "($0, $1)";
    access(owner, c, at, "$2", "$3");
    put(
        owner + "length",
        "(int32_t)LENGTH(((struct java_util_concurrent_atomic_Atomic"
            + name
            + " *)($0))->f_array)");
  }

  private void access(String owner, String c, String at, String first, String second) {
    String[][] modes = {
      {"Plain", "RELAXED", "RELAXED"},
      {"Opaque", "RELAXED", "RELAXED"},
      {"Acquire", "ACQUIRE", "RELAXED"},
      {"Release", "RELAXED", "RELEASE"},
      {"", "SEQ_CST", "SEQ_CST"}
    };
    for (String[] mode : modes) {
      put(owner + "get" + mode[0], "__atomic_load_n(" + at + ", __ATOMIC_" + mode[1] + ")");
      put(
          owner + "set" + mode[0],
          "__atomic_store_n(" + at + ", " + first + ", __ATOMIC_" + mode[2] + ")");
    }
    put(owner + "lazySet", "__atomic_store_n(" + at + ", " + first + ", __ATOMIC_RELEASE)");
    put(owner + "getAndSet", "__atomic_exchange_n(" + at + ", " + first + ", __ATOMIC_SEQ_CST)");
    exchanges(owner, c, at, first, second);
    if (owner.contains("Reference") || owner.contains("Boolean")) {
      return;
    }
    put(owner + "getAndAdd", "__atomic_fetch_add(" + at + ", " + first + ", __ATOMIC_SEQ_CST)");
    put(owner + "addAndGet", "__atomic_add_fetch(" + at + ", " + first + ", __ATOMIC_SEQ_CST)");
    put(owner + "getAndIncrement", "__atomic_fetch_add(" + at + ", 1, __ATOMIC_SEQ_CST)");
    put(owner + "incrementAndGet", "__atomic_add_fetch(" + at + ", 1, __ATOMIC_SEQ_CST)");
    put(owner + "getAndDecrement", "__atomic_fetch_sub(" + at + ", 1, __ATOMIC_SEQ_CST)");
    put(owner + "decrementAndGet", "__atomic_sub_fetch(" + at + ", 1, __ATOMIC_SEQ_CST)");
  }

  private void exchanges(String owner, String c, String at, String first, String second) {
    String[][] modes = {
      {"compareAndSet", "SEQ_CST", "SEQ_CST", "0"},
      {"weakCompareAndSet", "RELAXED", "RELAXED", "1"},
      {"weakCompareAndSetPlain", "RELAXED", "RELAXED", "1"},
      {"weakCompareAndSetVolatile", "SEQ_CST", "SEQ_CST", "1"},
      {"weakCompareAndSetAcquire", "ACQUIRE", "ACQUIRE", "1"},
      {"weakCompareAndSetRelease", "RELEASE", "RELAXED", "1"},
      {"compareAndExchange", "SEQ_CST", "SEQ_CST", "0"},
      {"compareAndExchangeAcquire", "ACQUIRE", "ACQUIRE", "0"},
      {"compareAndExchangeRelease", "RELEASE", "RELAXED", "0"}
    };
    for (String[] mode : modes) {
      String call =
          "__atomic_compare_exchange_n("
              + at
              + ", &expected, "
              + second
              + ", "
              + mode[3]
              + ", __ATOMIC_"
              + mode[1]
              + ", __ATOMIC_"
              + mode[2]
              + ")";
      String result = mode[0].startsWith("compareAndExchange") ? call + "; expected;" : call + ";";
      put(owner + mode[0], "({ " + c + " expected = " + first + "; " + result + " })");
    }
  }
}
