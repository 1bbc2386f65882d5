# The same with the state folder of before, which knows nothing of the order: given again, it ends
# it.
by hand
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
B is backed up
A loses its power
B will be killed POINT
B begins to take over
B has been killed
B goes back: state
B starts
the operator tells it again
B becomes owner
A starts
A becomes superseded
all writes are at B
