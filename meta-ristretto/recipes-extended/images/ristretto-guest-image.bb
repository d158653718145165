SUMMARY = "A small Linux as the ramdisk of a DomU"
LICENSE = "MIT"

inherit core-image

IMAGE_INSTALL = "packagegroup-core-boot"
IMAGE_FSTYPES = "cpio.gz"
IMAGE_LINGUAS = ""
NO_RECOMMENDATIONS = "1"
