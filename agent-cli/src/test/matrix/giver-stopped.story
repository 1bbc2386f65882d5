# A stands still at each of its commands of a handoff, until B has given up waiting for it.
by hand
for POINT: commands of the giver
A creates the volume
A writes
A pushes
A will be stopped POINT
A begins to hand off
A has been stopped
35 seconds pass
A goes on
one becomes owner
all writes are at the owner
