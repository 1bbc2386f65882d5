# Sourced by init/check and init/quickstart: finds, or installs, what they need.
# shellcheck shell=bash

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo -- "$@"
  else
    die "this needs root and there is no sudo: $*"
  fi
}

# need COMMAND:PACKAGE... installs the packages whose command is missing.
need() {
  need_by install_packages "$@"
}

# The same for packages that bring services, none of which is started.
need_unstarted() {
  need_by install_unstarted "$@"
}

need_by() {
  local pair packages=() installer=$1
  shift
  for pair in "$@"; do
    command -v "${pair%%:*}" > /dev/null || packages+=("${pair#*:}")
  done
  [ ${#packages[@]} = 0 ] || "$installer" "${packages[@]}"
}

install_packages() {
  command -v apt-get > /dev/null || die "please install: $*"
  echo "Installing $*"
  local log
  log=$(mktemp)
  if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$@"; } > "$log" 2>&1 < /dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: $*"
  fi
  rm -f "$log"
}

# Spin writes a program in C, which has to be compiled.
need_spin() {
  need spin:spin gcc:gcc
  [ -e /usr/include/stdio.h ] || install_packages libc6-dev
}

is_jdk_25() {
  [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[.+"]' "$1/release" 2> /dev/null
}

# Sets JAVA_HOME to a JDK 25, installing one where the package sources have it.
need_jdk() {
  local candidate package lists
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
    if is_jdk_25 "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  for lists in old new; do
    for package in openjdk-25-jdk-headless temurin-25-jdk; do
      if apt-cache show "$package" > /dev/null 2>&1; then
        install_packages "$package"
        need_jdk
        return
      fi
    done
    # A machine that has installed nothing yet may know of no package at all.
    [ "$lists" = new ] || as_root apt-get update -q > /dev/null 2>&1 || true
  done
  die "no JDK 25 found; install one below /usr/lib/jvm (such as Temurin 25 from https://adoptium.net) or set JAVA_HOME to it"
}

zfs_answers() {
  command -v zpool > /dev/null && timeout 20 zpool list > /dev/null 2>&1
}

# Makes sure that there is a ZFS to use: one that answers, else an installed zfs-fuse. Both
# packages bring /sbin/zfs, so zfs-fuse is never put beside OpenZFS.
need_zfs() {
  if zfs_answers || command -v zfs-fuse > /dev/null; then
    return
  fi
  if dpkg-query -W -f '${Status}' zfsutils-linux 2> /dev/null | grep -q ' installed$' ||
    command -v zfs > /dev/null; then
    die "OpenZFS is installed and does not answer; load its module: modprobe zfs"
  fi
  install_unstarted zfs-fuse
}

# Debian starts what it installs unless policy-rc.d says no; we start our own, and stop it.
install_unstarted() {
  local policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    install_packages "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
  as_root chmod 755 "$policy"
  (install_packages "$@") || { as_root rm -f "$policy"; exit 1; }
  as_root rm -f "$policy"
}
