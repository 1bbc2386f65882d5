# The same, but nobody gives the order again: A comes back first and waits, and whether B had got so
# far decides who owns the volume.
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
A loses its power
B will be killed POINT
B begins to take over
B has been killed
A starts
A waits for an answer
B starts
one becomes owner
all writes are at the owner
