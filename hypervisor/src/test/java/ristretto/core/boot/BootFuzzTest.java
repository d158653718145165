package ristretto.core.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Damaged device trees, kernels and command lines; as many as the time allows. */
class BootFuzzTest {
  private static final int ROUNDS = 200 * Integer.getInteger("ristretto.fuzz.seconds", 8);
  private static final long SEED =
      Long.getLong("ristretto.seed", Long.getLong("ristretto.fuzz.first", 1));
  private static final int[] EDGES = {0, 1, -1, 2, 3, 4, 9, 0x7fff_ffff, 0x8000_0000, 0x1000};

  private static final String OPTIONS =
      "console=dtuart dtuart=serial0:115200n8 dom0_mem=2048M,max:4G guest_loglvl=all loglvl=all "
          + "maxcpus=4 hmp-unsafe=true dom0_max_vcpus=2-3 dom0_vcpus_pin no-bootscrub "
          + "vwfi=native console_timestamps=boot conswitch=ax sync_console noreboot=1";

  private static void damage(byte[] original, Predicate<byte[]> target) {
    int understood = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] file = damaged(original, new Random(SEED + round));
      try {
        understood += target.test(file) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("repeat with -Dristretto.seed=" + (SEED + round), e);
      }
    }
    assertTrue(target.test(original), "the whole file");
    System.out.printf("%d of %d understood, from seed %d on%n", understood, ROUNDS, SEED);
  }

  private static byte[] damaged(byte[] original, Random random) {
    byte[] file = original.clone();
    int end = random.nextInt(4) == 0 ? Math.min(file.length, 512) : file.length; // headers, often
    for (int i = random.nextInt(5); i >= 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> file[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> file[random.nextInt(end)] = (byte) random.nextInt();
        case 2 -> word(file, random.nextInt(end), EDGES[random.nextInt(EDGES.length)], random);
        default -> {
          int length = 1 + random.nextInt(Math.min(32, end));
          int from = random.nextInt(file.length - length + 1);
          System.arraycopy(file, from, file, random.nextInt(file.length - length + 1), length);
        }
      }
    }
    return random.nextInt(16) == 0 ? Arrays.copyOf(file, random.nextInt(end)) : file;
  }

  /** A 32-bit number in either order of bytes. */
  private static void word(byte[] file, int near, int value, Random random) {
    int at = near & -4;
    boolean big = random.nextBoolean();
    for (int i = 0; i < 4 && at + i < file.length; i++) {
      file[at + i] = (byte) (value >>> 8 * (big ? 3 - i : i));
    }
  }

  @Test
  void anyTreeIsUnderstoodOrRefused() {
    damage(BootInfoTest.agilex5(Boards.AGILEX5_CHOSEN), BootFiles::readTree);
  }

  @Test
  void anyImageIsLoadedOrRefused() {
    damage(KernelImageTest.image(0x8_0000, 0x9000, 0xa, 0x5000), BootFiles::loadKernel);
  }

  @Test
  void anyCompressedImageIsLoadedOrRefused() throws IOException {
    byte[] image = KernelImageTest.image(0, 0x9000, 0xa, 0x5000);
    damage(InflaterTest.gzip(image, 6), BootFiles::loadKernel);
  }

  @Test
  void anyElfFileIsLoadedOrRefused() {
    byte[] file = KernelImageTest.elf(0xffff_8000_8000_1000L, 0x4020_1000L, 0xffff_8000_8000_1010L);
    damage(file, BootFiles::loadKernel);
  }

  @Test
  void anyCommandLineIsUnderstoodAsFarAsItCanBe() {
    damage(OPTIONS.getBytes(StandardCharsets.US_ASCII), BootFiles::parseOptions);
  }
}
