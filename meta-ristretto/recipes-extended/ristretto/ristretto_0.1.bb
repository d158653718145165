SUMMARY = "Ristretto, a type-1 hypervisor that speaks Xen's ABI"
DESCRIPTION = "The hypervisor's image in the place of Xen's; xl and the other tools are Xen's own."
SECTION = "kernel"

# The project has no text of a licence yet; for a CLOSED recipe none is looked for.
LICENSE = "CLOSED"

COMPATIBLE_HOST = "aarch64.*-linux"
PACKAGE_ARCH = "${MACHINE_ARCH}"

# Not named xen: bbappends that boards' layers have for Xen's recipe are not for this one.
PROVIDES += "xen"

SRC_URI = "file://domu.cfg"

# scarthgap has no UNPACKDIR and unpacks into WORKDIR, which walnascar refuses as S.
S = "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}"
B = "${WORKDIR}/build"

inherit deploy

# Nothing is compiled for the target by Yocto's compiler.
INHIBIT_DEFAULT_DEPS = "1"

# The image that "./ristretto build" has written: out/xen.
RISTRETTO_IMAGE ?= ""

# "1": do_compile calls "./ristretto build" in RISTRETTO_SOURCE instead, with the host's own
# programs (JDK 25, Maven, clang, lld), which it finds in RISTRETTO_HOST_PATH, and the network.
RISTRETTO_BUILD ?= "0"
RISTRETTO_HOST_PATH ?= "/usr/local/bin:/usr/bin:/bin"

python () {
    if d.getVar('RISTRETTO_BUILD') == '1':
        d.setVarFlag('do_compile', 'network', '1')
        # What has changed is ./ristretto's to find out.
        d.setVarFlag('do_compile', 'nostamp', '1')
    elif d.getVar('RISTRETTO_IMAGE'):
        # Another content of the file is another build.
        d.setVarFlag('do_compile', 'file-checksums', '${RISTRETTO_IMAGE}:True')
}

ristretto_build() {
    for program in mvn clang ld.lld; do
        PATH="${RISTRETTO_HOST_PATH}" command -v $program >/dev/null || \
            bbfatal "RISTRETTO_BUILD needs $program on this machine; './ristretto doctor' in ${RISTRETTO_SOURCE} lists everything"
    done
    # Yocto's compiler flags are the target's, of no use to the hypervisor.
    env -u CC -u CFLAGS -u CPPFLAGS -u LDFLAGS PATH="${RISTRETTO_HOST_PATH}" \
        "${RISTRETTO_SOURCE}/ristretto" build </dev/null || \
        bbfatal "'./ristretto build' failed in ${RISTRETTO_SOURCE}"
}

do_compile() {
    image="${RISTRETTO_IMAGE}"
    if [ "${RISTRETTO_BUILD}" = "1" ]; then
        ristretto_build
        image="${RISTRETTO_SOURCE}/out/xen"
    fi
    [ -n "$image" ] || \
        bbfatal "set RISTRETTO_IMAGE to the hypervisor's image (out/xen, which './ristretto build' writes), or RISTRETTO_BUILD to 1"
    [ -f "$image" ] || bbfatal "RISTRETTO_IMAGE: there is no file $image"
    # Linux, Documentation/arch/arm64/booting.rst, "Call the kernel image": the magic at 56.
    magic=$(dd if="$image" bs=1 skip=56 count=4 2>/dev/null | od -An -c | tr -d ' \n')
    [ "$magic" = "ARMd" ] || \
        bbfatal "RISTRETTO_IMAGE: $image is no arm64 image (out/xen is wanted, not out/xen.elf)"
    install -m 0644 "$image" "${B}/xen"
}
do_compile[cleandirs] = "${B}"

do_install() {
    install -d "${D}/boot" "${D}${ROOT_HOME}/xen"
    install -m 0644 "${B}/xen" "${D}/boot/xen"
    install -m 0644 "${S}/domu.cfg" "${D}${ROOT_HOME}/xen/domu.cfg"
}

# Both names: Xen's recipe deploys xen-${MACHINE}, the boards' layers put "xen" on the card.
do_deploy() {
    install -d "${DEPLOYDIR}"
    install -m 0644 "${B}/xen" "${DEPLOYDIR}/xen-${MACHINE}"
    install -m 0644 "${B}/xen" "${DEPLOYDIR}/xen"
}
addtask deploy after do_compile before do_build

PACKAGES = "${PN} ${PN}-examples"
FILES:${PN} = "/boot/xen"
FILES:${PN}-examples = "${ROOT_HOME}/xen"
RPROVIDES:${PN} += "xen"
RCONFLICTS:${PN} += "xen"
RREPLACES:${PN} += "xen"
SYSROOT_DIRS += "/boot"
