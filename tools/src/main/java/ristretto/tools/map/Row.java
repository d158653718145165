package ristretto.tools.map;

/**
 * Something of a board that has an owner.
 *
 * @param place addresses, or the number of a CPU
 * @param what its name
 * @param interrupts as the interrupt controller counts them; empty where there are none
 * @param owner a domain, the hypervisor, the firmware; several are parted by commas
 */
record Row(String place, String what, String interrupts, String owner) {}
