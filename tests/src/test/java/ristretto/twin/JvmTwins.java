package ristretto.twin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ristretto.twin.device.GicTwin;
import ristretto.twin.fault.Faults;

/** The twins' first life: what each prints on the JVM. */
final class JvmTwins {
  private static final Map<String, String> OUTPUTS = new LinkedHashMap<>();

  private static final StringBuilder SENT_BY_PL011 = new StringBuilder();
  private static final StringBuilder SENT_BY_NS16550 = new StringBuilder();

  private JvmTwins() {}

  /** Output by twin, in the order in which the image runs them, with a GICv3. */
  static synchronized Map<String, String> outputs() {
    // Only once: a twin changes the state that class initialisation left.
    if (OUTPUTS.isEmpty()) {
      for (Twin twin : all()) {
        TwinMachine machine = new TwinMachine(3);
        OUTPUTS.put(twin.name(), run(twin, machine));
        SENT_BY_PL011.append(machine.sentByPl011());
        SENT_BY_NS16550.append(machine.sentByNs16550());
      }
    }
    return OUTPUTS;
  }

  /** What all twins together have sent over the PL011. */
  static String sentByPl011() {
    outputs();
    return SENT_BY_PL011.toString();
  }

  static String sentByNs16550() {
    outputs();
    return SENT_BY_NS16550.toString();
  }

  /** The same of the interrupt controller's twin with a GICv2. */
  static String outputOfGicv2() {
    return run(new GicTwin(), new TwinMachine(2));
  }

  static List<Twin> all() {
    List<Twin> all = new ArrayList<>(List.of(Twins.ALL));
    all.addAll(List.of(Faults.ALL));
    return all;
  }

  private static String run(Twin twin, TwinMachine machine) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    machine.run(() -> {
      try {
        twin.run(new Out(bytes::write), new Threads());
      } catch (RuntimeException e) {
        bytes.writeBytes(report(e).getBytes(StandardCharsets.ISO_8859_1));
      }
    });
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The error and its call stack as the image's fault handler prints them. */
  private static String report(RuntimeException e) {
    StringBuilder text = new StringBuilder("fault " + e.getClass().getName() + "\n");
    for (StackTraceElement frame : e.getStackTrace()) {
      String method = frame.getClassName() + "." + frame.getMethodName();
      String place = frame.getFileName() + ":" + frame.getLineNumber();
      text.append("  at ").append(method).append('(').append(place).append(")\n");
    }
    return text.toString();
  }

  /** A thread for each CPU. */
  private static final class Threads implements Cpus {
    @Override
    public void runOnAll(Job job) {
      runOnThreads(job, this);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // there may be fewer cores than CPUs
    public void relax() {
      Thread.yield();
    }
  }

  private static void runOnThreads(Cpus.Job job, Cpus cpus) {
    try (ExecutorService threads = Executors.newFixedThreadPool(Cpus.COUNT)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < Cpus.COUNT; i++) {
        int cpu = i;
        running.add(threads.submit(() -> job.run(cpu, cpus)));
      }
      for (Future<?> cpu : running) {
        cpu.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
