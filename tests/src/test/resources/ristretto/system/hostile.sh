# What HostileGuestsTest runs in Dom0, beside /tmp/hostile/guest.img.

# Processes are dear in an emulated machine: xl is started as seldom as can be.

free_memory() { xl info | sed -n 's/^free_memory *: //p'; }

# The last count of the neighbour.
beats() { tail -n 1 /var/log/xen/console/guest-neighbour.log | tr -d '\r'; }

create() { # name, memory in MiB, vCPUs, command line
  printf 'name="%s"\nkernel="/tmp/hostile/guest.img"\nmemory=%d\nvcpus=%d\nextra="%s"\non_poweroff="preserve"\non_crash="preserve"\n' \
    "$1" "$2" "$3" "$4" >"/tmp/hostile/$1.cfg"
  : >"/var/log/xen/console/guest-$1.log"
  xl create -q "/tmp/hostile/$1.cfg"
}

# Repeats a command until it succeeds; gives up after some half seconds.
within() { # half seconds, command...
  tries=$1
  shift
  until "$@" || [ "$tries" -le 0 ]; do
    tries=$((tries - 1))
    sleep 0.5
  done
}

has_verdict() { grep -qE '^(PASS|FAIL)' /var/log/xen/console/guest-bad.log; }
is_free() { [ "$(free_memory)" = "$1" ]; }
has_beaten() { [ "$(beats)" != "$1" ]; }

remove() { # name, free memory before
  start=$(date +%s%N)
  xl destroy "$1" || echo "destroy: failed"
  echo "destroyed in $((($(date +%s%N) - start) / 1000000)) ms"
  within 20 is_free "$2"
  echo "free $2 $(free_memory)"
}

# One bad guest, from creation to the end.
bad() { # number, vCPUs, seed
  free=$(free_memory)
  before=$(beats)
  xl dmesg -c >/dev/null
  create bad 32 "$2" "bad=$1 seed=$3"
  within 90 has_verdict
  tr -d '\r' </var/log/xen/console/guest-bad.log
  remove bad "$free"
  echo "said $(xl dmesg | wc -c)"
  within 20 has_beaten "$before"
  echo "neighbour $before, $(beats)"
}
