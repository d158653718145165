# QEMU and what it brings along: x86's device model, which Arm has no use for.
RDEPENDS:${PN}:remove = "${@'qemu qemu-system-i386' if d.getVar('RISTRETTO_ENABLED') else ''}"
