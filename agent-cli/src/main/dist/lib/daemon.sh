# Sourced by bin/flockerd, and by whoever measures it: sets daemon_options, for Java.
# shellcheck shell=sh disable=SC2034 # it is for them

# The heap is chosen by what it has to hold: see "What it needs" in agent-cli/RUNNING.md. A daemon that is out
# of memory is better restarted than half alive. Netty and core.os call C, and Netty still touches sun.misc.Unsafe. Its
# leak detector, which the tests run with, would keep a stack trace of every 128th buffer; its events would have each
# start read what the flight recorder knows. The JVM looks for monitors to drop four times a second, which is a third of
# what an idle node costs: every five seconds is as good for threads that hardly contend.
daemon_options="-Xmx128m -XX:MaxDirectMemorySize=96m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders \
-XX:+ExitOnOutOfMemoryError -XX:+UnlockDiagnosticVMOptions -XX:AsyncDeflationInterval=5000 \
--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
-Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false \
-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager"
