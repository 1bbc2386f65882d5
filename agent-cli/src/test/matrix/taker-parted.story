# The network parts in the midst of a takeover, and A comes back in the dark: it waits, while B
# writes. Once the network joins, A is put out.
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
A loses its power
B will be stopped POINT
B begins to take over
B has been stopped
the network parts
A starts
A waits for an answer
B goes on
B becomes owner
B writes
the network joins
A becomes superseded
all writes are at B
write 1 is kept at A
