# A comes back after B has taken over, is killed at each command by which it puts itself out, and
# comes back with the disks of before.
by hand
for WHAT: pool, state, both
for POINT: commands of being put out
A creates the volume
A writes
A pushes
A is backed up
A loses its power
B takes over
B becomes owner
A will be killed POINT
A begins to start
A has been killed
A goes back: WHAT
A starts
A becomes superseded
B writes
all writes are at B
write 1 is kept at A
