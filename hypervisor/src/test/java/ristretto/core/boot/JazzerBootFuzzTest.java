package ristretto.core.boot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;

/** {@link BootFuzzTest} with Jazzer's files. */
class JazzerBootFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void tree(byte @NotNull [] file) {
    boolean unused = BootFiles.readTree(file);
  }

  @FuzzTest(maxDuration = "10m")
  void kernel(byte @NotNull [] file) {
    boolean unused = BootFiles.loadKernel(file);
  }

  @FuzzTest(maxDuration = "10m")
  void options(byte @NotNull [] line) {
    boolean unused = BootFiles.parseOptions(line);
  }
}
