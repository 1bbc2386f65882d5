# What was superseded is set aside; the node is killed at each command of it, and comes back with the
# disks of before. The order, given again, ends it.
by hand
for WHAT: pool, state, both
for POINT: commands of setting aside
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
A starts
A becomes superseded
A is backed up
A will be killed POINT
A begins to set its copy aside
A has been killed
A goes back: WHAT
A starts
the operator tells it again
write 1 is set aside at A
B pushes
A becomes replica
all writes are at B
