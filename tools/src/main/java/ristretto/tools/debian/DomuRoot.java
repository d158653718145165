package ristretto.tools.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Resources;

/**
 * What the overview document calls xen-image-minimal: a small root for DomUs, of the same packages
 * as Dom0's without Xen's tools and what only those need.
 */
public final class DomuRoot {
  /** The resources that it is made of, beside the packages. */
  public static final List<String> RESOURCES = List.of("domu/minimal-init");

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(lib)?xen.*|lib(python|pam|sqlite|db5|yajl|fdt|expat|ffi|bz2|krb5|k5crypto|gssapi"
              + "|keyutils|text|seccomp|apparmor|systemd-shared|lastlog).*|python3.*|systemd|udev"
              + "|dpkg|tar|debconf|perl-base|tzdata|openssl.*|ucf|sensible-utils|media-types|netbase"
              + "|init-system-helpers|libgcrypt.*|gcc-.*-base|libxml.*|libicu.*|ocaml.*|logsave");

  /** Nobody configures a package there, or completes a word, or converts characters. */
  private static final List<String> REMOVED =
      List.of("usr/share/bash-completion", "usr/lib/aarch64-linux-gnu/gconv", "var/lib/dpkg");

  private DomuRoot() {}

  /** Unpacks it into an empty directory. */
  public static void fill(PackageStore.Packages packages, Path into) throws IOException {
    List<DebianPackage> chosen =
        packages.root().stream()
            .filter(entry -> !LEFT_OUT.matcher(entry.name()).matches())
            .toList();
    Dom0Root.unpackAll(packages, chosen, into);
    for (String name : REMOVED) {
      Cache.delete(into.resolve(name));
    }
    for (String name : List.of("dev", "etc", "mnt", "proc", "root", "run", "sys", "tmp")) {
      Files.createDirectories(into.resolve(name));
    }
    Files.writeString(into.resolve("etc/passwd"), "root::0:0:root:/root:/bin/bash\n");
    Files.writeString(into.resolve("etc/group"), "root:x:0:\ntty:x:5:\n");
    Files.writeString(into.resolve("etc/hostname"), "domu\n");
    Files.writeString(into.resolve("etc/inputrc"), "set enable-bracketed-paste off\n");
    for (String name : List.of("poweroff", "reboot")) {
      program(into.resolve("usr/sbin/" + name), "#!/bin/sh\nexec busybox " + name + " -f\n");
    }
    program(into.resolve("usr/sbin/init"), Resources.text(RESOURCES.getFirst()));
    Files.deleteIfExists(into.resolve("init"));
    Files.createSymbolicLink(into.resolve("init"), Path.of("sbin/init"));
  }

  private static void program(Path file, String content) throws IOException {
    Files.deleteIfExists(file); // a link of some package would lead elsewhere
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
