# A comes back after B has taken over, and the network parts at each command by which it puts itself
# out: it does not write meanwhile.
by hand
for POINT: commands of being put out
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
A will be stopped POINT
A begins to start
A has been stopped
the network parts
A goes on
A has started
A does not have it mounted
B writes
the network joins
A becomes superseded
B becomes owner
all writes are at B
write 1 is kept at A
