# The network parts in the midst of a handoff, for longer than either waits, wherever A is.
by hand
for POINT: commands of the giver
A creates the volume
A writes
A pushes
A will be stopped POINT
A begins to hand off
A has been stopped
the network parts
A goes on
35 seconds pass
the network joins
one becomes owner
all writes are at the owner
