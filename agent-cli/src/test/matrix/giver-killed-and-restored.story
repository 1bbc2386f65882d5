# A is killed at each command of a handoff, and comes back with the disks of before.
for WHAT: pool, state, both
for POINT: commands of the giver
A creates the volume
A writes
A pushes
A is backed up
A will be killed POINT
A begins to hand off
A has been killed
A goes back: WHAT
A starts
one becomes owner
all writes are at the owner
