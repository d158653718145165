package ristretto.compiler.classfile;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Turns lambdas and method references into named classes, before any class is loaded: an object
 * that a static initialiser made from a lambda then has a class whose bytecode can be read. A
 * lambda that captures nothing is one object; one that captures is allocated where it stands.
 */
final class Lambdas {
  private static final String METAFACTORY = "Ljava/lang/invoke/LambdaMetafactory;";

  private final ClassFile classFile;

  Lambdas(ClassHierarchyResolver resolver) {
    classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
  }

  /** The class without lambdas, and the classes that took their place, by internal name. */
  Map<String, byte[]> desugar(String name, byte[] bytes) {
    ClassModel model = classFile.parse(bytes);
    Set<String> opened = new HashSet<>();
    for (MethodModel method : model.methods()) {
      method
          .code()
          .ifPresent(code ->
              code.forEach(e -> {
                if (e instanceof InvokeDynamicInstruction indy && isLambda(indy)) {
                  DirectMethodHandleDesc body = body(indy);
                  if (body.owner().equals(model.thisClass().asSymbol())) {
                    opened.add(body.methodName() + body.lookupDescriptor());
                  }
                }
              }));
    }
    Map<String, byte[]> result = new LinkedHashMap<>();
    if (model.methods().stream().noneMatch(Lambdas::hasLambda)) {
      result.put(name, bytes);
      return result;
    }
    String sourceFile =
        model
            .findAttribute(Attributes.sourceFile())
            .map(a -> a.sourceFile().stringValue())
            .orElse(name);
    byte[] host =
        classFile.transformClass(model, new HostTransform(sourceFile, name, opened, result));
    result.put(name, host);
    return result;
  }

  private static boolean hasLambda(MethodModel method) {
    return method.code().isPresent()
        && method
            .code()
            .get()
            .elementStream()
            .anyMatch(e -> e instanceof InvokeDynamicInstruction indy && isLambda(indy));
  }

  private static boolean isLambda(InvokeDynamicInstruction indy) {
    return indy.bootstrapMethod().owner().descriptorString().equals(METAFACTORY)
        && indy.bootstrapMethod().methodName().equals("metafactory");
  }

  private static DirectMethodHandleDesc body(InvokeDynamicInstruction indy) {
    return (DirectMethodHandleDesc) indy.bootstrapArgs().get(1);
  }

  /** Rewrites the host class; collects the new classes. */
  private final class HostTransform implements ClassTransform {
    private final String host;
    private final Set<String> opened;
    private final Map<String, byte[]> made;
    private final String sourceFile;
    private int line;

    HostTransform(String sourceFile, String host, Set<String> opened, Map<String, byte[]> made) {
      this.sourceFile = sourceFile;
      this.host = host;
      this.opened = opened;
      this.made = made;
    }

    @Override
    public void accept(ClassBuilder builder, java.lang.classfile.ClassElement element) {
      if (!(element instanceof MethodModel method)) {
        builder.with(element);
        return;
      }
      String key = method.methodName().stringValue() + method.methodType().stringValue();
      builder.transformMethod(
          method,
          (mb, me) -> {
            if (me instanceof AccessFlags flags && opened.contains(key)) {
              mb.withFlags(flags.flagsMask() & ~ACC_PRIVATE);
            } else if (me instanceof CodeModel code) {
              mb.transformCode(code, replaceLambdas());
            } else {
              mb.with(me);
            }
          });
    }

    private CodeTransform replaceLambdas() {
      return (code, element) -> {
        if (element instanceof LineNumber number) {
          line = number.line();
        }
        if (element instanceof InvokeDynamicInstruction indy && isLambda(indy)) {
          replace(code, indy);
        } else {
          code.with(element);
        }
      };
    }

    private void replace(CodeBuilder code, InvokeDynamicInstruction indy) {
      String name = host + "$Lambda" + (made.size() + 1);
      ClassDesc type = ClassDesc.ofInternalName(name);
      made.put(name, lambdaClass(type, indy, sourceFile, line));
      MethodTypeDesc factory = indy.typeSymbol();
      if (factory.parameterCount() == 0) {
        code.getstatic(type, "INSTANCE", type);
      } else {
        code.invokestatic(type, "make", factory);
      }
    }
  }

  private byte[] lambdaClass(
      ClassDesc type, InvokeDynamicInstruction indy, String sourceFile, int line) {
    MethodTypeDesc factory = indy.typeSymbol();
    MethodTypeDesc erased = (MethodTypeDesc) indy.bootstrapArgs().get(0);
    MethodTypeDesc instantiated = (MethodTypeDesc) indy.bootstrapArgs().get(2);
    MethodTypeDesc constructor = factory.changeReturnType(CD_void);
    return classFile.build(
        type,
        cb -> {
          cb.withFlags(AccessFlag.FINAL, AccessFlag.SYNTHETIC)
              .withInterfaceSymbols(factory.returnType())
              .with(SourceFileAttribute.of(sourceFile));
          for (int i = 0; i < factory.parameterCount(); i++) {
            cb.withField("captured" + i, factory.parameterType(i), ACC_PRIVATE | ACC_FINAL);
          }
          cb.withMethodBody(
              INIT_NAME,
              constructor,
              ACC_PRIVATE,
              code -> {
                code.lineNumber(line).aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void);
                for (int i = 0; i < factory.parameterCount(); i++) {
                  ClassDesc captured = factory.parameterType(i);
                  code.aload(0).loadLocal(TypeKind.from(captured), code.parameterSlot(i));
                  code.putfield(type, "captured" + i, captured);
                }
                code.return_();
              });
          if (factory.parameterCount() == 0) {
            cb.withField("INSTANCE", type, ACC_STATIC | ACC_FINAL);
            cb.withMethodBody(
                "<clinit>",
                MTD_void,
                ACC_STATIC,
                code ->
                    code.new_(type)
                        .dup()
                        .invokespecial(type, INIT_NAME, MTD_void)
                        .putstatic(type, "INSTANCE", type)
                        .return_());
          } else {
            cb.withMethodBody(
                "make",
                factory,
                ACC_STATIC,
                code -> {
                  code.lineNumber(line).new_(type).dup();
                  for (int i = 0; i < factory.parameterCount(); i++) {
                    code.loadLocal(TypeKind.from(factory.parameterType(i)), code.parameterSlot(i));
                  }
                  code.invokespecial(type, INIT_NAME, constructor).areturn();
                });
          }
          cb.withMethodBody(
              indy.name().stringValue(),
              erased,
              ClassFile.ACC_PUBLIC | ACC_SYNTHETIC,
              code -> callBody(code.lineNumber(line), type, indy, erased, instantiated));
        });
  }

  /** Pushes the captured values and the arguments, calls the lambda's body, returns its result. */
  private static void callBody(
      CodeBuilder code,
      ClassDesc type,
      InvokeDynamicInstruction indy,
      MethodTypeDesc erased,
      MethodTypeDesc instantiated) {
    MethodTypeDesc factory = indy.typeSymbol();
    DirectMethodHandleDesc body = body(indy);
    boolean constructs = body.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
    if (constructs) {
      code.new_(body.owner()).dup();
    }
    for (int i = 0; i < factory.parameterCount(); i++) {
      code.aload(0).getfield(type, "captured" + i, factory.parameterType(i));
    }
    for (int i = 0; i < erased.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(erased.parameterType(i)), code.parameterSlot(i));
      ClassDesc wanted = instantiated.parameterType(i);
      if (!wanted.isPrimitive() && !wanted.equals(erased.parameterType(i))) {
        code.checkcast(wanted);
      }
    }
    MethodTypeDesc bodyType = MethodTypeDesc.ofDescriptor(body.lookupDescriptor());
    switch (body.kind()) {
      case STATIC -> code.invokestatic(body.owner(), body.methodName(), bodyType);
      case INTERFACE_STATIC -> code.invokestatic(body.owner(), body.methodName(), bodyType, true);
      case INTERFACE_VIRTUAL, INTERFACE_SPECIAL ->
          code.invokeinterface(body.owner(), body.methodName(), bodyType);
      case CONSTRUCTOR -> code.invokespecial(body.owner(), INIT_NAME, bodyType);
      default -> code.invokevirtual(body.owner(), body.methodName(), bodyType);
    }
    ClassDesc result = constructs ? body.owner() : bodyType.returnType();
    if (erased.returnType().equals(CD_void)) {
      discard(code, result);
      code.return_();
    } else {
      code.return_(TypeKind.from(erased.returnType()));
    }
  }

  private static void discard(CodeBuilder code, ClassDesc result) {
    switch (TypeKind.from(result).slotSize()) {
      case 1 -> code.pop();
      case 2 -> code.pop2();
      default -> {}
    }
  }
}
