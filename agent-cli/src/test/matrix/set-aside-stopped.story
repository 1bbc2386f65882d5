# The same, where the node stands still, until B has heard nothing of it.
for POINT: commands of setting aside
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
A starts
A becomes superseded
A will be stopped POINT
A begins to set its copy aside
A has been stopped
B loses its power
B starts
B waits for an answer
A goes on
the operator is told that it is done
B becomes owner
write 1 is set aside at A
all writes are at B
