package ristretto.tools.trace;

import java.util.Map;

/**
 * What domains are called: a recording has their numbers alone.
 *
 * @param byNumber those that the caller has named
 */
public record Names(Map<Integer, String> byNumber) {
  /** A vCPU: {@code web v1}, or {@code d3v1} without a name. */
  String of(VcpuId who) {
    String name = byNumber.get(who.domain());
    return name == null ? who.toString() : name + " v" + who.vcpu();
  }
}
