package ristretto.core.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import ristretto.core.domain.Domain;
import ristretto.sim.FreshImage;

/** The heap against a list that is searched, and its depth. */
class HeapTest {
  @Test
  void theLeastIsOnTop() {
    FreshImage.run(Comparison.class);
  }

  static final class Comparison implements Runnable {
    private final Random random = new Random(1);
    private final List<Candidate> in = new ArrayList<>();
    private final List<Candidate> out = new ArrayList<>();
    private @Nullable Candidate top;

    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        bench.start();
        Domain domain = bench.domain(1, 128);
        for (int i = 0; i < 128; i++) {
          out.add(domain.vcpus[i].candidate);
        }
        bench.machine.observe(this::compare);
      });
    }

    private void compare() {
      for (int step = 0; step < 20_000; step++) {
        int choice = random.nextInt(3);
        if (choice == 0 && !in.isEmpty()) {
          remove(in.get(random.nextInt(in.size())));
        } else if (choice == 1 && top != null) {
          remove(top);
        } else if (!out.isEmpty()) {
          add(out.remove(random.nextInt(out.size())));
        }
        check();
      }
    }

    private void add(Candidate candidate) {
      candidate.key = Long.MAX_VALUE - 500 + random.nextInt(1000); // and beyond: it wraps around
      top = Heap.add(top, candidate);
      in.add(candidate);
    }

    private void remove(Candidate candidate) {
      assertTrue(in.remove(candidate));
      top = Heap.remove(Objects.requireNonNull(top), candidate);
      assertNull(candidate.parent);
      out.add(candidate);
    }

    private void check() {
      if (in.isEmpty()) {
        assertNull(top);
        return;
      }
      long base = in.getFirst().key;
      long least = in.stream().mapToLong(c -> c.key - base).min().orElseThrow();
      Candidate first = Objects.requireNonNull(top);
      assertNull(first.parent);
      assertEquals(least, first.key - base);
      int way = 0;
      for (Candidate at = top; at != null; at = at.right) {
        way++;
      }
      assertTrue(way <= 32 - Integer.numberOfLeadingZeros(in.size()), way + " of " + in.size());
      for (Candidate candidate : in) {
        Candidate parent = candidate.parent;
        if (parent != null) {
          assertTrue(parent.left == candidate || parent.right == candidate);
          assertTrue(!Heap.isBefore(candidate, parent));
        } else {
          assertSame(top, candidate);
        }
      }
    }
  }

  @Test
  void allComeOutInOrder() {
    FreshImage.run(Sorting.class);
  }

  static final class Sorting implements Runnable {
    @Override
    public void run() {
      SchedulingBench bench = new SchedulingBench(1);
      bench.machine.run(() -> {
        bench.start();
        List<Candidate> all = new ArrayList<>();
        Random random = new Random(2);
        Candidate top = null;
        for (var vcpu : bench.domain(1, 100).vcpus) {
          vcpu.candidate.key = random.nextLong(-1000, 1000);
          all.add(vcpu.candidate);
          top = Heap.add(top, vcpu.candidate);
        }
        all.sort(Comparator.comparingLong(c -> c.key));
        for (Candidate candidate : all) {
          Candidate first = Objects.requireNonNull(top);
          assertEquals(candidate.key, first.key);
          top = Heap.remove(first, first);
        }
        assertNull(top);
      });
    }
  }
}
