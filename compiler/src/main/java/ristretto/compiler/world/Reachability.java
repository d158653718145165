package ristretto.compiler.world;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import ristretto.compiler.CompileError;
import ristretto.compiler.classfile.Body;
import ristretto.compiler.heap.BuildTime;
import ristretto.compiler.heap.Heap;
import ristretto.compiler.heap.HeapObject;

/**
 * Rapid type analysis: from the exported methods, everything that can run and every class of which
 * an object can exist, to a fixed point. Build-time objects count as soon as code can reach them.
 */
public final class Reachability {
  /** Classes of the JDK whose bytecode is translated like the application's. */
  private static final Set<String> TRANSLATED_OF_JDK =
      Set.of(
          "java/lang/Object",
          "java/lang/Record",
          "java/lang/Enum",
          "java/lang/Number",
          "java/lang/Integer",
          "java/lang/Long",
          "java/lang/Short",
          "java/lang/Byte",
          "java/lang/Character",
          "java/lang/Boolean",
          "java/lang/Math",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicLong",
          "java/util/concurrent/atomic/AtomicReference",
          "java/util/concurrent/atomic/AtomicIntegerArray",
          "java/util/concurrent/atomic/AtomicLongArray");

  private record VirtualSite(ClassDesc receiver, String signature) {}

  private final World world;
  private final Heap heap;
  private final BuildTime buildTime;
  private final Predicate<MethodInfo> builtin;
  private final Deque<MethodInfo> unscanned = new ArrayDeque<>();
  private final Map<VirtualSite, Site> virtualSites = new LinkedHashMap<>();
  private final Set<ClassInfo> initialized = new HashSet<>();
  private final Set<FieldInfo> statics = new LinkedHashSet<>();
  private final Set<FieldInfo> reads = new LinkedHashSet<>();
  private final Deque<HeapObject> untraced = new ArrayDeque<>();
  private final Set<MethodInfo> reached = new LinkedHashSet<>();

  /** {@code builtin} tells methods that the compiler writes itself. */
  public Reachability(World world, Heap heap, BuildTime buildTime, Predicate<MethodInfo> builtin) {
    this.world = world;
    this.heap = heap;
    this.buildTime = buildTime;
    this.builtin = builtin;
  }

  /** Follows everything from {@code roots}; closes the world. */
  public void run(List<MethodInfo> roots) {
    roots.forEach(r -> reach(r, null));
    do {
      drain();
      retrace();
    } while (!unscanned.isEmpty() || !untraced.isEmpty());
    world.close();
  }

  /** Methods with code in the image, in the order of discovery. */
  public Set<MethodInfo> methods() {
    return reached;
  }

  /** Static fields in use. */
  public Set<FieldInfo> statics() {
    return statics;
  }

  private void drain() {
    while (true) {
      if (!untraced.isEmpty()) {
        trace(untraced.pop());
      } else if (!unscanned.isEmpty()) {
        scan(unscanned.pop());
      } else {
        return;
      }
    }
  }

  /** A later static initialiser may have changed what an earlier one left. */
  private void retrace() {
    statics.forEach(f -> constant(heap.staticValue(f), f.toString()));
    List.copyOf(heap.objects()).forEach(this::trace);
  }

  private void scan(MethodInfo method) {
    Body body = method.body();
    BitSet live = body.reachable(_ -> true, i -> makesPanic(method, i), i -> branch(method, i));
    for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
      try {
        scan(body.instruction(i), new Site(method, body.line(i)));
      } catch (CompileError e) {
        world
            .errors()
            .report(new Site(method, body.line(i)), String.join("; ", e.messages()), "needed here");
      }
    }
  }

  private void scan(Instruction instruction, Site site) {
    switch (instruction) {
      case InvokeInstruction call -> scanCall(call, site);
      case FieldInstruction access -> scanField(access, site);
      case NewObjectInstruction made -> {
        ClassInfo type = world.classInfo(made.className().asInternalName());
        if (!type.isUnboxed()) {
          instantiate(type.type(), site);
        }
        initialize(type);
      }
      case NewReferenceArrayInstruction made ->
          instantiate(made.componentType().asSymbol().arrayType(), site);
      case NewPrimitiveArrayInstruction made ->
          instantiate(made.typeKind().upperBound().arrayType(), site);
      case NewMultiArrayInstruction made -> {
        ClassDesc type = made.arrayType().asSymbol();
        for (int i = 0; i < made.dimensions(); i++) {
          instantiate(type, site);
          type = type.componentType();
        }
      }
      case ConstantInstruction.LoadConstantInstruction load -> {
        if (load.constantValue() instanceof String text) {
          constant(text.intern(), "a literal");
        }
      }
      case InvokeDynamicInstruction indy -> {}
      default -> {}
    }
  }

  private void scanField(FieldInstruction access, Site site) {
    FieldInfo field = world.field(access.owner().asSymbol(), access.name().stringValue());
    if (field == null) {
      world.errors().report(site, "no field " + access.name(), "rebuild the class files");
      return;
    }
    if (field.isStatic()) {
      initialize(field.owner());
      if (statics.add(field)) {
        constant(heap.staticValue(field), field.toString());
      }
    } else if (access.opcode() == Opcode.GETFIELD) {
      read(field);
    }
  }

  private void scanCall(InvokeInstruction call, Site site) {
    ClassDesc owner = call.owner().asSymbol();
    String signature = call.name().stringValue() + call.type().stringValue();
    if (owner.isArray()) {
      return; // clone: the array type is instantiated where the array was made
    }
    MethodInfo method = world.classInfo(owner).resolve(signature);
    if (method == null) {
      world
          .errors()
          .report(
              site,
              "no method " + owner.displayName() + "." + call.name(),
              "rebuild the class files");
      return;
    }
    if (call.opcode() == Opcode.INVOKESTATIC) {
      initialize(method.owner());
      reach(method, site);
    } else if (call.opcode() == Opcode.INVOKESPECIAL
        || method.isPrivate()
        || world.isUnboxed(owner)) {
      reach(method, site);
    } else if (builtin.test(method)) {
      reach(method, site);
    } else if (virtualSites.putIfAbsent(new VirtualSite(owner, signature), site) == null) {
      for (ClassDesc type : world.concreteSubtypes(owner)) {
        reachSelected(type, signature, site);
      }
    }
  }

  private void reachSelected(ClassDesc type, String signature, Site site) {
    MethodInfo selected = world.select(type, signature);
    if (selected != null) {
      reach(selected, site);
    }
  }

  private void reach(MethodInfo method, @Nullable Site site) {
    if (!method.reach(site)) {
      return;
    }
    if (method.has("HostOnly") || method.owner().has("HostOnly")) {
      world
          .errors()
          .report(
              site,
              method + " is @HostOnly",
              "move the call to host code or give the image its own way");
    } else if (builtin.test(method)) {
      builtinNeeds(method);
    } else if (method.has("Intrinsic")) {
      world
          .errors()
          .report(
              site,
              "the compiler does not know the intrinsic " + method,
              "add it to ristretto.compiler.c.Intrinsics");
    } else if (!isTranslated(method)) {
      world
          .errors()
          .report(
              site,
              method + " of the JDK is not in the image",
              "write it with what the image has (CONTRIBUTING.md, \"The language of the image\")");
    } else if (!method.hasBody()) {
      world.errors().report(site, method + " has no code", "call a method that has");
    } else {
      reached.add(method);
      unscanned.add(method);
    }
  }

  /** What the compiler's own version of a method reads. */
  private void builtinNeeds(MethodInfo method) {
    method.owner().allInstanceFields().stream()
        .filter(_ -> !method.owner().isApplication())
        .forEach(this::read);
  }

  private boolean isTranslated(MethodInfo method) {
    return method.owner().isApplication()
        || TRANSLATED_OF_JDK.contains(method.owner().name())
        || method.owner().isInterface()
        || method.isBridge()
        || method.owner().isSubclassOf(world.classInfo("java/lang/Throwable"));
  }

  private void initialize(ClassInfo type) {
    if (!type.isApplication() || !initialized.add(type)) {
      return;
    }
    buildTime.initialize(type);
  }

  private void instantiate(ClassDesc type, @Nullable Site site) {
    if (!world.instantiate(type, site)) {
      return;
    }
    MethodInfo accident = type.isArray() ? null : world.classInfo(type).accidentalOverride();
    if (accident != null) {
      world
          .errors()
          .report(
              null,
              accident
                  + " has the name and types of a package-private method of a superclass in"
                  + " another package",
              "give it another name");
    }
    for (Map.Entry<VirtualSite, Site> entry : List.copyOf(virtualSites.entrySet())) {
      if (world.isSubtype(type, entry.getKey().receiver())) {
        reachSelected(type, entry.getKey().signature(), entry.getValue());
      }
    }
  }

  private void constant(@Nullable Object value, String origin) {
    if (value == null || Heap.isPrimitive(value) || heap.find(value) != null) {
      return;
    }
    HeapObject object = heap.add(value, origin);
    instantiate(object.type(), null);
    untraced.add(object);
  }

  private void trace(HeapObject object) {
    if (object.value() instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        constant(heap.element(array, object.type(), i), "an element of " + object.origin());
      }
    } else if (!object.type().isArray() && !(object.value() instanceof String)) {
      for (FieldInfo field : world.classInfo(object.type()).allInstanceFields()) {
        if (field.isRead()) {
          constant(heap.fieldValue(object.value(), field), field.toString());
        }
      }
    }
  }

  private void read(FieldInfo field) {
    if (field.isRead()) {
      return;
    }
    field.markRead();
    reads.add(field);
    for (HeapObject object : List.copyOf(heap.objects())) {
      if (!object.type().isArray() && world.classInfo(object.type()).isSubclassOf(field.owner())) {
        constant(heap.fieldValue(object.value(), field), field.toString());
      }
    }
  }

  /**
   * The instruction makes the error of a check that failed: javac's MatchException and
   * AssertionError, and what the JDK's own methods throw. It stops there, with a fault.
   */
  public boolean makesPanic(MethodInfo method, int index) {
    return method.body().instruction(index) instanceof NewObjectInstruction made
        && isPanic(method, made.className().asInternalName());
  }

  private boolean isPanic(MethodInfo method, String made) {
    return made.equals("java/lang/MatchException")
        || made.equals("java/lang/AssertionError")
        || made.equals("java/lang/IncompatibleClassChangeError")
        || (!method.owner().isApplication()
            && world.classInfo(made).isSubclassOf(world.classInfo("java/lang/Throwable")));
  }

  /** 1 when the branch is always taken, 0 when never, because it tests a static final boolean. */
  public int branch(MethodInfo method, int index) {
    Body body = method.body();
    if (index == 0
        || !(body.instruction(index) instanceof BranchInstruction branch)
        || (branch.opcode() != Opcode.IFNE && branch.opcode() != Opcode.IFEQ)
        || body.frame(index) != null
        || !(body.instruction(index - 1) instanceof FieldInstruction get)
        || get.opcode() != Opcode.GETSTATIC
        || !get.typeSymbol().equals(ConstantDescs.CD_boolean)) {
      return -1;
    }
    FieldInfo field = world.field(get.owner().asSymbol(), get.name().stringValue());
    if (field == null || !field.isFinal() || !field.owner().isApplication()) {
      return -1;
    }
    boolean value = Boolean.TRUE.equals(heap.staticValue(field));
    return value == (branch.opcode() == Opcode.IFNE) ? 1 : 0;
  }
}
