# Sourced by the launchers beside this folder: sets java, a Java 25 or later, and classpath.
# shellcheck shell=sh disable=SC2034 # both are for the launchers

home=$(dirname "$(dirname "$(readlink -f "$0")")")
# Java does not start in a folder that is gone. Where it goes instead nothing is found or made by a relative name
# either. Dash has no name for such a folder, bash the old one, which may be another's by now.
# shellcheck disable=SC3013 # both know -ef
[ . -ef "${PWD:-}" ] || case $(readlink /proc/self/cwd) in *' (deleted)') cd /proc/self/fdinfo 2> /dev/null || true ;; esac
# Sorted, since the archives of classes hold for one order. In the C locale, as bash sorts by words.
classpath=$(LC_ALL=C; printf ':%s' "$home"/lib/*.jar)
classpath=${classpath#:}

# The release file of a Java tells its version without starting it.
is_recent() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] &&
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")" -ge 25 ]
}

home_on_path() {
  if found=$(command -v java); then
    dirname "$(dirname "$(readlink -f "$found")")"
  fi
}

find_java() {
  for candidate in "${JAVA_HOME:-}" "$(home_on_path)" /usr/lib/jvm/*25*; do
    if is_recent "$candidate"; then
      echo "$candidate/bin/java"
      return
    fi
  done
  echo "${0##*/}: needs Java 25; install it below /usr/lib/jvm, or set FLOCKER_JAVA to its bin/java" >&2
  return 1
}

if [ -n "${FLOCKER_JAVA:-}" ]; then
  java=$FLOCKER_JAVA
elif [ -x "$home/java/bin/java" ]; then # What packages bring.
  java=$home/java/bin/java
else
  java=$(find_java) || exit 2 # Command line wrong: 2, as in 'flocker --help'.
fi
