# An operator takes over at B, whose owner A is gone, and B is killed at each command of it. The
# same signed order, given again, ends it.
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
A loses its power
B will be killed POINT
B begins to take over
B has been killed
B starts
the operator tells it again
B becomes owner
A starts
A becomes superseded
all writes are at B
