# What tests of several DomUs do in Dom0's shell. Tests call these functions by name.

# Options for DomUs' kernels. How fast the host is must not matter: none is to complain of a CPU that
# it had to wait for. And 64 MiB for contiguous buffers are not to be had from so little memory.
patient='nowatchdog rcupdate.rcu_cpu_stall_suppress=1 workqueue.watchdog_thresh=0 cma=0'

# born NAME [SETTING...]: a small DomU with a shell on its console. $options are more of xl create's,
# which takes none behind the file.
born() {
  local name=$1
  shift
  xl create -q ${options-} /root/domu1.cfg "name=\"$name\"" memory=96 vcpus=1 \
    "extra=\"console=hvc0 $patient\"" "$@"
}

# born_connected NAME NUMBER [SETTING...]: one with a network interface and a disk, too.
born_connected() {
  local name=$1 address=192.168.77.$((10 + $2))
  shift 2
  truncate -s 8M "/root/$name.img"
  born "$name" "extra=\"console=hvc0 address=$address/24 $patient\"" 'vif=["bridge=xenbr0"]' \
    "disk=[\"format=raw,vdev=xvda,access=rw,target=/root/$name.img\"]" "$@"
}

# born_of KERNEL NAME [SETTING...]: the smallest DomU, with a kernel of its own.
born_of() {
  local kernel=$1 name=$2
  shift 2
  printf 'name = "%s"\nkernel = "%s"\nmemory = 16\n' "$name" "$kernel" >"/tmp/$name.cfg"
  xl create -q "/tmp/$name.cfg" "$@"
}

# kernel FILE CODE: an arm64 kernel: Linux's header with CODE, printf's notation, for its first
# two instructions. Documentation/arch/arm64/booting.rst, "Call the kernel image".
kernel() {
  { printf "$2" && head -c 48 /dev/zero && printf 'ARMd\0\0\0\0'; } >"$1"
}

# tell NAME COMMAND: types a command at a DomU's console.
tell() {
  echo "$2" >"$(xenstore-read "/local/domain/$(xl domid "$1")/console/tty")"
}

# heard NUMBER PATTERN: so many DomUs have said something, by what xenconsoled wrote down.
heard() {
  [ "$(grep -l "$2" /var/log/xen/console/guest-*.log | wc -l)" = "$1" ]
}

# domains: how many there are beside Dom0.
domains() {
  xl list | tail -n +3 | wc -l
}

# free_memory: MiB that no domain has.
free_memory() {
  xl info | sed -n 's/^free_memory *: //p'
}

# free_pages: the same to the page, as our debug key says it.
free_pages() {
  xl debug-keys m
  xl dmesg | sed -n 's/.*Physical memory: .* \([0-9]*\) free$/\1/p' | tail -n 1
}

# account: what our hypervisor has charged to Dom0: pages, those kept on its behalf, stage 2 tables.
account() {
  xl debug-keys q
  xl dmesg | grep -A 1 'information for domain 0:' | sed -n 's/.*\(pages=.*\) shutdown=.*/\1/p' |
    tail -n 1
}

# kept_per_domain: KiB that our hypervisor keeps for a DomU beside its page tables: the most that
# one's own pages are, and its part of the objects, which are made for all at boot.
kept_per_domain() {
  local pages objects room
  xl debug-keys m
  xl debug-keys q
  pages=$(xl dmesg | sed -n 's/.* overhead=\([0-9]*\) .*/\1/p' | sort -n | tail -n 1)
  objects=$(xl dmesg | sed -n 's/.*, \([0-9]*\) bytes of objects$/\1/p' | tail -n 1)
  room=$(($(xl info | sed -n 's/^total_memory *: //p') / 128))
  echo $((pages * 4 + objects / room / 1024))
  xl dmesg -c >/dev/null
}

# until_is VALUE COMMAND...: repeats a command until it prints the value.
until_is() {
  local value=$1
  shift
  until [ "$("$@")" = "$value" ]; do
    sleep 0.5
  done
}

# round NUMBER: a DomU is created and destroyed; every other one is a Linux that begins to boot,
# with a network interface and a disk.
round() {
  if [ $(($1 % 2)) = 0 ]; then
    born_connected fifth 5 && sleep 1 && xl destroy fifth
  else
    born_of /tmp/idle fifth && xl destroy fifth
  fi || echo "round $1 failed"
}

# rounds FIRST LAST
rounds() {
  local n
  [ -e /tmp/idle ] || kernel /tmp/idle '\177\040\003\325\377\377\377\027' # wfi; b .-4
  for n in $(seq "$1" "$2"); do
    round "$n"
  done
}

# serve_load: what loaded DomUs fetch from Dom0: a script, and data.
serve_load() {
  mkdir -p /tmp/served
  head -c 262144 /dev/urandom >/tmp/served/data
  cat >/tmp/served/load <<'LOAD'
# CPU, network and disk at once; a dot in a file of /did for each piece of work.
mkdir -p /did
wget -q -O /data http://192.168.77.1/data
sum=$(sha256sum </data)
check() { [ "$(sha256sum)" = "$sum" ] && printf . >>/did/$1 || echo "load: wrong data from $1"; }
while :; do check cpu </data; done &
while :; do wget -q -O - http://192.168.77.1/data | check net; done &
while :; do
  dd if=/data of=/dev/xvda bs=64k conv=fsync 2>/dev/null
  echo 1 >/proc/sys/vm/drop_caches
  dd if=/dev/xvda bs=64k count=4 2>/dev/null | check disk
done &
LOAD
  busybox httpd -h /tmp/served
}

# did NAME MARK: makes a loaded DomU say how much it has done.
did() {
  tell "$1" "echo did $2 cpu=\$(wc -c </did/cpu) net=\$(wc -c </did/net) disk=\$(wc -c </did/disk)"
}

# start_listening: what the logs have to say from here on counts.
start_listening() {
  xl dmesg -c >/dev/null
  dmesg -C
}

# complaints: what the hypervisor has said but for free_pages and account, and every line of another
# log that speaks of something wrong. (xenstored's access log is no such log, but a trace.)
complaints() {
  xl dmesg | sed "/'[mq]' pressed/d; /Physical memory/d; /hypervisor's own/d
    /General information/d; /^(XEN)     pages=/d; /^(XEN)     VCPU/d; s/^(XEN)/hypervisor:/"
  dmesg | grep -iE "$wrong"
  grep -iE "$wrong" /var/log/xen/xl-*.log /var/log/xen/xenstored.log /var/log/xen/console/*.log
}
wrong='error|fail|warning:|bug:|oops|panic|call trace|wrong|corrupt|stuck|lockup|timed out|reset'
