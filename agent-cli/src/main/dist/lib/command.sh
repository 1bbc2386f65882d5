# Sourced by the launchers of commands, after java.sh: sets command_options, for Java; more of them can be
# added in FLOCKER_JAVA_OPTS.
# shellcheck shell=sh disable=SC2034,SC2154 # for the launchers; home is of java.sh

# A short life, so the quick compiler alone and the smallest collector. Of the classes that
# flockerd-archive has archived, those of other jars or another Java are passed over, without a word.
command_options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED ${FLOCKER_JAVA_OPTS:-}"
archive=$home/lib/flocker.aot
[ -r "$archive" ] || archive=''
# Java 25 looks at the jars of an archive only where some class is not linked in it: from that of packages it would run
# old classes. Files of a package are all of one date.
# shellcheck disable=SC3013 # dash and bash know -nt
for jar in ${archive:+"$home"/lib/*.jar}; do
  [ "$jar" -nt "$archive" ] || continue
  archive=''
  break
done
