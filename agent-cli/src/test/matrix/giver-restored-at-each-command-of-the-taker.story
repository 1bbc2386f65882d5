# While B stands still at each of its commands of a handoff, A comes back with the disks of before.
for WHAT: pool, state, both
for POINT: commands of the taker
A creates the volume
A writes
A pushes
A is backed up
B will be stopped POINT
A begins to hand off
B has been stopped
A is killed
A goes back: WHAT
A starts
B goes on
one becomes owner
all writes are at the owner
