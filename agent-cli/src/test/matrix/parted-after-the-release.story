# The network parts when A has given the volume away and B has not heard of it: nobody writes
# until it joins, and then B does, by itself.
A creates the volume
A writes
A pushes
A will be stopped after set flocker:owner=* released *
A begins to hand off
A has been stopped
the network parts
A goes on
A becomes released
B becomes replica
the network joins
B becomes owner
A becomes replica
all writes are at B
