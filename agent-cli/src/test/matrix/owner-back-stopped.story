# The same, where A stands still while B, which asks it, is started anew.
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
B loses its power
B starts
B waits for an answer
A goes on
A has started
A becomes superseded
B becomes owner
B writes
all writes are at B
write 1 is kept at A
