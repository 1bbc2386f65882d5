# The network parts when B has the volume on record, and has asked A nothing yet: nobody writes
# until it joins, and then B does, by itself.
A creates the volume
A writes
A pushes
B will be stopped after set flocker:owner=* owned *
A begins to hand off
B has been stopped
the network parts
B goes on
B waits for an answer
A becomes released
the network joins
B becomes owner
A becomes replica
all writes are at B
