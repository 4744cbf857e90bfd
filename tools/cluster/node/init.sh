#!/usr/bin/env bash
# First process of a cluster, in namespaces of its own: mounts, a network without a way out, then every process of the
# folder components/ in a loop that starts it again.  init.sh STATE
set -euo pipefail
state=$1
umask 022

hostname node1
mount --make-rprivate /
mount -t proc proc /proc
# The kubelet writes these settings of the kernel; it gets files of its own, the machine keeps its values.
while read -r file value; do
  mkdir -p "$state/fake/$(dirname "$file")"
  echo "$value" >"$state/fake/$file"
  mount --bind "$state/fake/$file" "/proc/sys/$file"
done <<'SETTINGS'
vm/overcommit_memory 1
kernel/panic 10
kernel/panic_on_oops 1
SETTINGS
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
while read -r folder options; do
  mkdir "/sys/fs/cgroup/$folder"
  mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/$folder"
  echo $$ >"/sys/fs/cgroup/$folder/sys/cgroup.procs"
done <"$state/cgroups"
mount -t tmpfs tmpfs /run
mkdir -p /var/lib /var/log
mount --bind "$state/var-lib" /var/lib
mount --bind "$state/var-log" /var/log
mount --bind "$state/conf/node-resolv.conf" /etc/resolv.conf
mount --make-rshared /

ip link set lo up
ip link add node0 type veth peer name node0p
ip link set node0p up
ip addr add 192.168.222.2/24 dev node0
ip link set node0 up
# The API server and the kubelet want an address besides loopback and a default route.
ip route add default dev node0
echo 1 >/proc/sys/net/ipv4/ip_forward
# What goes from a pod to a Service and on to a pod stays on one bridge.
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables

supervise() {
  local name=$1 script=$2
  while :; do
    while [ -e "$state/hold/$name" ]; do sleep 0.1; done
    bash "$script" >>"$state/log/$name.log" 2>&1 &
    echo $! >"$state/run/$name.pid"
    wait $! || true
    sleep 0.3
  done
}
for script in "$state"/components/*.sh; do
  name=$(basename "$script" .sh)
  supervise "${name#*-}" "$script" &
done
touch "$state/run/up"

# As the first process it also buries orphans.
while :; do
  sleep 3600 &
  wait $! || true
done
