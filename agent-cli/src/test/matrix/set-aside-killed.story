# What was superseded is set aside, and the node is killed at each command of it. The order, given
# again, ends it; then there is room for a copy.
for POINT: commands of setting aside
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
A starts
A becomes superseded
A will be killed POINT
A begins to set its copy aside
A has been killed
A starts
the operator tells it again
write 1 is set aside at A
B pushes
A becomes replica
all writes are at B
