/* Xen's interface, as much as the measurements use. xen/include/public. */
#include "guest.h"

#define HYPERVISOR_MEMORY_OP 12
#define HYPERVISOR_CONSOLE_IO 18
#define HYPERVISOR_SCHED_OP 29
#define HYPERVISOR_EVENT_CHANNEL_OP 32
#define HYPERVISOR_HVM_OP 34
#define HYPERVISOR_SYSCTL 35
#define XENMEM_ADD_TO_PHYSMAP 7
#define EVTCHNOP_SEND 4
#define EVTCHNOP_BIND_IPI 7
#define SCHEDOP_YIELD 0
#define SCHEDOP_SHUTDOWN 2
#define HVMOP_GET_PARAM 1
#define HVM_PARAM_CONSOLE_PFN 17
#define HVM_PARAM_CONSOLE_EVTCHN 18
#define DOMID_SELF 0x7ff0
#define SYSCTL_PHYSINFO 3
#define SYSCTL_INTERFACE 0x15 /* Xen 4.15 to 4.20 */

/* struct shared_info of a 64-bit domain: vcpu_info[0], then the pending and mask words. */
#define UPCALL_PENDING 0
#define PENDING_SELECTOR 8
#define VCPU_INFO_SIZE 48 /* what this program assumes is checked by the event that it receives */
#define MAX_VCPU_INFO 1
#define EVTCHN_PENDING (MAX_VCPU_INFO * VCPU_INFO_SIZE)
#define EVTCHN_MASK (EVTCHN_PENDING + 512)

static uint8_t shared_info[4096] __attribute__((aligned(4096)));
static struct { uint32_t port; } channel;

/* struct xencons_interface of public/io/console.h; the MMU is off, so no access is kept from the other side. */
#define RING_BYTES 2048
struct console_ring {
  char in[1024];
  char out[RING_BYTES];
  uint32_t in_taken, in_put;
  uint32_t out_taken, out_put;
};
static volatile struct console_ring *ring; /* a DomU's: its hypervisor has no console for it */
static struct { uint32_t port; } ring_channel;

static uint64_t *word(uint32_t offset) { return (uint64_t *)(shared_info + offset + channel.port / 64 * 8); }
static uint64_t bit(void) { return 1ul << channel.port % 64; }

static uint64_t parameter(uint32_t index)
{
  struct { uint16_t domid, pad; uint32_t index; uint64_t value; } param = {DOMID_SELF, 0, index, 0};
  return hypercall(HYPERVISOR_HVM_OP, HVMOP_GET_PARAM, (uint64_t)&param, 0) ? 0 : param.value;
}

enum role xen_role(void)
{
  if (!platform.under_xen) {
    return BARE;
  }
  ring = (volatile struct console_ring *)(parameter(HVM_PARAM_CONSOLE_PFN) << 12);
  ring_channel.port = (uint32_t)parameter(HVM_PARAM_CONSOLE_EVTCHN);
  return ring ? DOMU : DOM0;
}

/* Until the console daemon has left at most so many characters in the ring. */
static void drain(uint32_t left)
{
  dsb();
  hypercall(HYPERVISOR_EVENT_CHANNEL_OP, EVTCHNOP_SEND, (uint64_t)&ring_channel, 0);
  while (ring->out_put - ring->out_taken > left) {
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
  }
}

long xen_write(const char *text, uint32_t length)
{
  if (!ring) {
    return hypercall(HYPERVISOR_CONSOLE_IO, 0, length, (uint64_t)text);
  }
  for (uint32_t i = 0; i < length; i++) {
    if (ring->out_put - ring->out_taken >= RING_BYTES) {
      drain(0);
    }
    ring->out[ring->out_put % RING_BYTES] = text[i];
    dsb();
    ring->out_put = ring->out_put + 1;
  }
  return 0;
}

int xen_open_self_channel(void)
{
  struct { uint16_t domid, size; uint32_t space; uint64_t index, gpfn; } map = {
      DOMID_SELF, 0, 0, 0, (uint64_t)shared_info >> 12};
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  if (hypercall(HYPERVISOR_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, (uint64_t)&map, 0) ||
      hypercall(HYPERVISOR_EVENT_CHANNEL_OP, EVTCHNOP_BIND_IPI, (uint64_t)&ipi, 0)) {
    return 0;
  }
  channel.port = ipi.port;
  return 1;
}

void xen_mask_channel(int masked)
{
  if (masked) {
    *word(EVTCHN_MASK) |= bit();
  } else {
    *word(EVTCHN_PENDING) = 0;
    *(uint64_t *)(shared_info + PENDING_SELECTOR) = 0;
    shared_info[UPCALL_PENDING] = 0;
    *word(EVTCHN_MASK) &= ~bit();
  }
  dsb();
}

void xen_send(void)
{
  hypercall(HYPERVISOR_EVENT_CHANNEL_OP, EVTCHNOP_SEND, (uint64_t)&channel, 0);
}

void xen_acknowledge(void)
{
  shared_info[UPCALL_PENDING] = 0;
  dsb();
  *(uint64_t *)(shared_info + PENDING_SELECTOR) = 0;
  *word(EVTCHN_PENDING) &= ~bit();
}

/* Pages that the hypervisor could still give away; 0 if it does not say. Dom0 alone may ask. */
uint64_t xen_free_pages(void)
{
  static struct {
    uint32_t command, interface;
    uint32_t topology[10];
    uint64_t total_pages, free_pages;
    uint8_t rest[72];
  } sysctl __attribute__((aligned(256)));
  sysctl.command = SYSCTL_PHYSINFO;
  sysctl.interface = SYSCTL_INTERFACE;
  return hypercall(HYPERVISOR_SYSCTL, (uint64_t)&sysctl, 0, 0) ? 0 : sysctl.free_pages;
}

void xen_power_off(void)
{
  struct { uint32_t reason; } poweroff = {0};
  if (ring) {
    drain(0);
  }
  hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_SHUTDOWN, (uint64_t)&poweroff, 0);
}
