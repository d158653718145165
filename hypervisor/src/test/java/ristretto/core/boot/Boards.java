package ristretto.core.boot;

/** Device trees in the shape of the boards that matter, as a loader hands them over. */
final class Boards {
  private Boards() {}

  private static final String TIMER =
      """
      timer { compatible = "arm,armv8-timer"; interrupts = <1 13 8>, <1 14 8>, <1 11 8>, <1 10 8>; };
      """;

  /** Agilex 5: GICv3 with the maintenance interrupt written wrong, mixed CPUs, 2 + 6 GiB. */
  static String agilex5(String chosen) {
    return """
    /dts-v1/;
    / {
      model = "Agilex 5 shaped";
      compatible = "intel,socfpga-agilex5";
      #address-cells = <2>;
      #size-cells = <2>;
      interrupt-parent = <&gic>;
      aliases { serial0 = "/soc@0/serial@10c02000"; };
      reserved-memory {
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        svc: svcbuffer@0 {
          compatible = "shared-dma-pool"; reg = <0 0x80000000 0 0x2000000>; no-map;
        };
      };
      cpus {
        #address-cells = <1>;
        #size-cells = <0>;
        cpu0: cpu@0 { compatible = "arm,cortex-a55"; reg = <0>; device_type = "cpu"; enable-method = "psci"; };
        cpu1: cpu@1 { compatible = "arm,cortex-a55"; reg = <0x100>; device_type = "cpu"; enable-method = "psci"; };
        cpu2: cpu@2 { compatible = "arm,cortex-a76"; reg = <0x200>; device_type = "cpu"; enable-method = "psci"; };
        cpu3: cpu@3 { compatible = "arm,cortex-a76"; reg = <0x300>; device_type = "cpu"; enable-method = "psci"; };
        l2-cache { compatible = "cache"; };
      };
      firmware { svc { compatible = "intel,agilex5-svc"; method = "smc"; memory-region = <&svc>; iommus = <&smmu 10>; }; };
      psci { compatible = "arm,psci-0.2"; method = "smc"; };
      gic: interrupt-controller@1d000000 {
        compatible = "arm,gic-v3";
        reg = <0 0x1d000000 0 0x10000>, <0 0x1d060000 0 0x100000>;
        ranges;
        #interrupt-cells = <3>;
        #address-cells = <2>;
        #size-cells = <2>;
        interrupt-controller;
        #redistributor-regions = <1>;
        redistributor-stride = <0 0x20000>;
        interrupts = <1 25 4>;
        its: msi-controller@1d040000 { compatible = "arm,gic-v3-its"; reg = <0 0x1d040000 0 0x20000>; msi-controller; #msi-cells = <1>; };
      };
      clocks { osc1 { #clock-cells = <0>; compatible = "fixed-clock"; clock-frequency = <25000000>; }; };
    """
        + TIMER
        + """
          soc@0 {
            compatible = "simple-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0 0 0 0xffffffff>;
            clkmgr: clock-controller@10d10000 { compatible = "intel,agilex5-clkmgr"; reg = <0x10d10000 0x1000>; #clock-cells = <1>; };
            serial@10c02000 { compatible = "snps,dw-apb-uart"; reg = <0x10c02000 0x100>; interrupts = <0 108 4>; reg-shift = <2>; reg-io-width = <4>; clocks = <&clkmgr 1>; };
            serial@10c02100 { compatible = "snps,dw-apb-uart"; reg = <0x10c02100 0x100>; interrupts = <0 109 4>; reg-shift = <2>; reg-io-width = <4>; status = "disabled"; };
            ethernet@10830000 { compatible = "snps,dwxgmac-2.10"; reg = <0x10830000 0x3500>; interrupts = <0 224 4>; iommus = <&smmu 3>; };
            spi@108d2000 { compatible = "cdns,qspi-nor"; reg = <0x108d2000 0x100>, <0x10900000 0x100000>; interrupts = <0 3 4>; xen,passthrough; };
            usb@11000000 { compatible = "snps,dwc3"; reg = <0x11000000 0x100000>; interrupts = <0 94 4>; iommus = <&smmu 7>; };
            smmu: iommu@16000000 { compatible = "arm,smmu-v3"; reg = <0x16000000 0x30000>; interrupts = <0 134 1>, <0 129 1>; #iommu-cells = <1>; };
          };
          memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x80000000>, <8 0x80000000 1 0x80000000>; };
          __symbols__ { serial0 = "/soc@0/serial@10c02000"; };
          chosen {
        """
        + chosen
        + "}; };";
  }

  /** What the boot script of the board writes into /chosen, with one cell an address. */
  static final String AGILEX5_CHOSEN =
      """
        stdout-path = "serial0:115200n8";
        #address-cells = <1>;
        #size-cells = <1>;
        xen,xen-bootargs = "console=dtuart dtuart=serial0 dom0_mem=2048M dom0_max_vcpus=2 dom0_vcpus_pin hmp-unsafe=true";
        xen,dom0-bootargs = "console=hvc0 root=/dev/mmcblk0p2";
        dom0 { compatible = "multiboot,kernel", "multiboot,module"; reg = <0x84000000 0x2400000>; };
        dom1 { compatible = "multiboot,ramdisk", "multiboot,module"; reg = <0x8b000000 0x8000000>; };
      """;

  /** Agilex 7: GICv2, RAM at 0 and above 4 GiB. */
  static String agilex7(String chosen) {
    return """
    /dts-v1/;
    / {
      compatible = "intel,socfpga-agilex";
      #address-cells = <2>;
      #size-cells = <2>;
      interrupt-parent = <&intc>;
      aliases { serial0 = "/soc@0/serial@ffc02000"; };
      reserved-memory {
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        svcbuffer@0 { compatible = "shared-dma-pool"; reg = <0 0 0 0x2000000>; no-map; };
      };
      cpus {
        #address-cells = <1>;
        #size-cells = <0>;
        cpu@0 { compatible = "arm,cortex-a53"; reg = <0>; device_type = "cpu"; enable-method = "psci"; };
        cpu@1 { compatible = "arm,cortex-a53"; reg = <1>; device_type = "cpu"; enable-method = "psci"; };
      };
      psci { compatible = "arm,psci-0.2"; method = "smc"; };
      intc: interrupt-controller@fffc1000 {
        compatible = "arm,gic-400", "arm,cortex-a15-gic";
        #interrupt-cells = <3>;
        interrupt-controller;
        reg = <0 0xfffc1000 0 0x1000>, <0 0xfffc2000 0 0x2000>, <0 0xfffc4000 0 0x2000>, <0 0xfffc6000 0 0x2000>;
        interrupts = <1 9 4>;
      };
    """
        + TIMER
        + """
          soc@0 {
            compatible = "simple-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0 0 0 0xffffffff>;
            serial@ffc02000 { compatible = "snps,dw-apb-uart"; reg = <0xffc02000 0x100>; interrupts = <0 108 4>; reg-shift = <2>; reg-io-width = <4>; };
            mmc@ff808000 { compatible = "altr,socfpga-dw-mshc"; reg = <0xff808000 0x1000>; interrupts = <0 96 4>; };
            gpio: gpio@ffc03200 {
              compatible = "snps,dw-apb-gpio"; reg = <0xffc03200 0x100>; #address-cells = <1>; #size-cells = <0>;
              gpio-port@0 { reg = <0>; interrupt-controller; #interrupt-cells = <2>; interrupts = <0 110 4>; };
            };
          };
          memory@0 { device_type = "memory"; reg = <0 0 0 0x80000000>, <2 0x80000000 1 0x80000000>; };
          chosen {
        """
        + chosen
        + "}; };";
  }

  static final String AGILEX7_CHOSEN =
      """
        stdout-path = "serial0:115200n8";
        #address-cells = <2>;
        #size-cells = <2>;
        xen,xen-bootargs = "console=dtuart dtuart=serial0 dom0_mem=1G";
        bootargs = "console=hvc0";
        module@3000000 { compatible = "xen,linux-zimage", "xen,multiboot-module"; reg = <0 0x3000000 0 0x2000000>; };
        module@b000000 { compatible = "xen,linux-initrd", "xen,multiboot-module"; reg = <0 0xb000000 0 0x1000000>; };
      """;
}
