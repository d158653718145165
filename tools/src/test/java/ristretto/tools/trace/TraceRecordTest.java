package ristretto.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import ristretto.abi.TraceEvent;
import ristretto.abi.Vcpuop.RunstateInfo;

/** What the hypervisor writes is what is read here: neither's classes know the other's. */
class TraceRecordTest {
  @Test
  void theEventsAreTheHypervisors() {
    assertEquals(TraceEvent.LOST_RECORDS, TraceRecord.LOST_RECORDS);
    assertEquals(TraceEvent.WRAP_BUFFER, TraceRecord.WRAP_BUFFER);
    assertEquals(TraceEvent.RUNSTATE_CHANGE, TraceRecord.RUNSTATE_CHANGE);
    assertEquals(TraceEvent.CONTINUE_RUNNING, TraceRecord.CONTINUE_RUNNING);
    assertEquals(TraceEvent.WAKE, TraceRecord.WAKE);
    assertEquals(TraceEvent.TRAP, TraceRecord.TRAP);
    assertEquals(TraceEvent.INTERRUPT, TraceRecord.INTERRUPT);
    assertEquals(TraceEvent.FREQUENCY, TraceRecord.FREQUENCY);
  }

  @Test
  void soAreTheStates() {
    int[] states = {
      RunstateInfo.RUNNING, RunstateInfo.RUNNABLE, RunstateInfo.BLOCKED, RunstateInfo.OFFLINE
    };
    for (int from : states) {
      for (int to : states) {
        TraceRecord record =
            new TraceRecord(0, 0, TraceEvent.runstateChange(from, to), List.of(0x1_0002));
        assertTrue(record.isRunstateChange());
        assertEquals(List.of(from, to), numbers(record.oldState(), record.newState()));
      }
    }
  }

  private static List<Integer> numbers(VcpuState... states) {
    return Stream.of(states).map(TraceRecordTest::number).toList();
  }

  private static int number(VcpuState state) {
    return switch (state) {
      case RUNNING -> RunstateInfo.RUNNING;
      case RUNNABLE -> RunstateInfo.RUNNABLE;
      case BLOCKED -> RunstateInfo.BLOCKED;
      case OFFLINE -> RunstateInfo.OFFLINE;
    };
  }
}
