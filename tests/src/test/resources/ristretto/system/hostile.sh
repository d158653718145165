# What HostileGuestsTest runs in Dom0, beside /tmp/hostile/guest.img.

# Processes are dear in an emulated machine: xl is started as seldom as can be.

# Pages that no domain has, as our debug keys say it, and those of Dom0's stage 2 tables, which are
# counted as free, too: where Dom0's kernel gives away a page of its own to see another's in its place,
# a block is cut into pages, and stays so.
free_pages() {
  xl debug-keys mq
  xl dmesg -c | awk '/Physical memory:/ { free = $(NF - 1) }
    / domain 0:$/ { getline; sub(".*tables=", ""); tables = $1 + 0 }
    END { print free + tables, tables }'
}

# The last count of the neighbour.
beats() { tail -n 1 /var/log/xen/console/guest-neighbour.log | tr -d '\r'; }

create() { # name, memory in MiB, vCPUs, command line[, kernel[, option of xl]]
  printf 'name="%s"\nkernel="/tmp/hostile/%s"\nmemory=%d\nvcpus=%d\nextra="%s"\non_poweroff="preserve"\non_crash="preserve"\n' \
    "$1" "${5-guest.img}" "$2" "$3" "$4" >"/tmp/hostile/$1.cfg"
  : >"/var/log/xen/console/guest-$1.log"
  xl create -q ${6-} "/tmp/hostile/$1.cfg"
}

# Repeats a command until it succeeds; gives up after some half seconds, which a slow host needs.
within() { # half seconds, command...
  tries=$1
  shift
  until "$@" || [ "$tries" -le 0 ]; do
    tries=$((tries - 1))
    sleep 0.5
  done
}

has_verdict() { grep -qE '^(PASS|FAIL)' /var/log/xen/console/guest-bad.log; }
is_free() { seen=$(free_pages); [ "${seen% *}" = "$1" ]; }
has_beaten() { [ "$(beats)" != "$1" ]; }

# Starts the neighbour; what is free then is free after each guest.
neighbour() {
  create neighbour 32 1 bad=0
  within 600 has_beaten ""
  free=$(free_pages)
  free=${free% *}
}

accounts() {
  echo "said $(xl dmesg -c | wc -c)"
  within 60 is_free "$free"
  echo "free $free ${seen% *}, tables ${seen#* }"
}

# The end of a bad guest, and what Dom0 sees of it.
ended() { # the neighbour's count before
  xl destroy bad || echo "destroy: failed"
  accounts
  within 600 has_beaten "$1"
  echo "neighbour $1, $(beats)"
}

# One bad guest, from creation to the end.
bad() { # number, vCPUs, seed
  before=$(beats)
  create bad 32 "$2" "bad=$1 seed=$3"
  within 600 has_verdict
  tr -d '\r' </var/log/xen/console/guest-bad.log
  ended "$before"
}

# Creates a guest by its command line, or one that never comes to its own code.
create_bad() { # command line; or why
  case $1 in
    faults)
      patched 0 '\340\003\037\326' # br xzr: nothing is there, and no vectors either
      create bad 32 3 "" broken.img
      ;;
    paused) create bad 32 3 "" guest.img -p ;;
    *) create bad 32 3 "$1" ;;
  esac
}

# A guest that never comes to its own code.
never() { # why
  before=$(beats)
  create_bad "$1"
  within 600 has_beaten "$before"
  xl list bad >/dev/null || echo "not there"
  before=$(beats)
  ended "$before"
}

# How long it takes to destroy a guest that has been at it for a second.
timed() { # as create_bad
  create_bad "$1"
  sleep 1
  start=$(date +%s%N)
  xl destroy bad || echo "destroy: failed"
  echo "destroyed in $((($(date +%s%N) - start) / 1000000)) ms"
}

# Writes bytes, as printf spells them, into a copy of the guest.
patched() { # offset, bytes
  cp /tmp/hostile/guest.img /tmp/hostile/broken.img
  printf "$2" | dd of=/tmp/hostile/broken.img bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# A kernel, ramdisk or device tree that cannot be used: creation fails, says why, and leaves nothing.
refused() { # what, line of the configuration
  printf 'name="broken"\nmemory=32\nvcpus=1\non_crash="destroy"\n%b\n' "$2" >/tmp/hostile/broken.cfg
  if xl create -q -p /tmp/hostile/broken.cfg >/tmp/hostile/broken.log 2>&1; then
    echo "created: $1"
    xl destroy broken
  elif [ -s /tmp/hostile/broken.log ]; then
    echo "refused: $1"
  else
    echo "silent: $1"
  fi
}

images() {
  before=$(beats)
  kernel='kernel="/tmp/hostile/broken.img"'
  : >/tmp/hostile/broken.img
  refused "empty kernel" "$kernel"
  head -c 63 /tmp/hostile/guest.img >/tmp/hostile/broken.img
  refused "kernel shorter than its header" "$kernel"
  head -c 65536 /dev/urandom >/tmp/hostile/broken.img
  refused "kernel of noise" "$kernel"
  patched 8 '\377\377\377\377\377\377\377\377'
  refused "text_offset that wraps" "$kernel"
  patched 8 '\0\0\0\020\0\0\0\0'
  refused "text_offset behind the end of memory" "$kernel"
  patched 16 '\377\377\377\377\377\377\377\377'
  refused "image_size that wraps" "$kernel"
  gzip -c /vmlinuz | head -c 100000 >/tmp/hostile/broken.img
  refused "gzip that ends early" "$kernel"
  head -c 40M /dev/zero | gzip >/tmp/hostile/broken.img
  refused "gzip of nothing much" "$kernel"
  cp /tmp/hostile/guest.img /tmp/hostile/broken.img
  head -c 40M /dev/zero >/tmp/hostile/large
  refused "ramdisk larger than memory" "$kernel\nramdisk=\"/tmp/hostile/large\""
  rm /tmp/hostile/large
  head -c 4096 /dev/urandom >/tmp/hostile/tree
  refused "device tree of noise" "$kernel\ndevice_tree=\"/tmp/hostile/tree\""
  printf '\320\r\376\355\377\377\377\377\377\377\377\377\377\377\377\377\0\0\0\0\0\0\0\021\0\0\0\020\0\0\0\0\0\0\0\0\0\0\0\0' >/tmp/hostile/tree
  refused "device tree whose offsets wrap" "$kernel\ndevice_tree=\"/tmp/hostile/tree\""
  # The machine's interrupt controller and console: nobody's to give away.
  refused "the distributor as a device" "$kernel\niomem=[\"0x8000,1\"]"
  refused "the console as a device" "$kernel\niomem=[\"0x9000,1\"]"
  refused "RAM as a device" "$kernel\niomem=[\"0x40200,16\"]"
  refused "an interrupt of the hypervisor" "$kernel\nirqs=[33]"
  refused "a private interrupt" "$kernel\nirqs=[26]"
  xl list broken >/dev/null 2>&1 && echo "left behind"
  accounts
  within 600 has_beaten "$before"
  echo "neighbour $before, $(beats)"
}
