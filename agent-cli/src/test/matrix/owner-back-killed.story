# A comes back after B has taken over, and is killed at each command by which it puts itself out.
by hand
for POINT: commands of being put out
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
A will be killed POINT
A begins to start
A has been killed
A starts
A becomes superseded
B writes
all writes are at B
write 1 is kept at A
