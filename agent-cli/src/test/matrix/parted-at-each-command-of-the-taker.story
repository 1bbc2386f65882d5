# The network parts in the midst of a handoff, for longer than either waits, wherever B is.
by hand
for POINT: commands of the taker
A creates the volume
A writes
A pushes
B will be stopped POINT
A begins to hand off
B has been stopped
the network parts
B goes on
35 seconds pass
the network joins
one becomes owner
all writes are at the owner
