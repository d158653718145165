SUMMARY = "Dom0 on Ristretto: Linux, Xen's tools, a DomU to start"
DESCRIPTION = "What xen-image-minimal is to Xen, without QEMU, which no guest on Arm needs here."
LICENSE = "MIT"

inherit core-image features_check

REQUIRED_DISTRO_FEATURES = "xen"

IMAGE_INSTALL = " \
    packagegroup-core-boot \
    packagegroup-core-ssh-openssh \
    kernel-image \
    kernel-modules \
    xen-tools \
    ristretto-examples \
    ${CORE_IMAGE_EXTRA_INSTALL} \
"
IMAGE_LINGUAS = ""

# Dom0's root is an ext4 partition of the card.
IMAGE_FSTYPES += "ext4 tar.gz"

do_build[depends] += "ristretto:do_deploy"

# The DomU's ramdisk lies beside its configuration, which names it.
do_rootfs[depends] += "ristretto-guest-image:do_image_complete"

ristretto_guest() {
    install -d "${IMAGE_ROOTFS}${ROOT_HOME}/xen"
    install -m 0644 "${DEPLOY_DIR_IMAGE}/ristretto-guest-image-${MACHINE}${IMAGE_NAME_SUFFIX}.cpio.gz" \
        "${IMAGE_ROOTFS}${ROOT_HOME}/xen/ristretto-guest-image.cpio.gz"
}
ROOTFS_POSTPROCESS_COMMAND += "ristretto_guest;"
