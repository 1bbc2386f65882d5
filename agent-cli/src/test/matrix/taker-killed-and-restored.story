# B is killed at each of its commands of a handoff, and comes back with the state of before.
for POINT: commands of the taker
A creates the volume
A writes
A pushes
B is backed up
B will be killed POINT
A begins to hand off
B has been killed
B goes back: state
B starts
one becomes owner
all writes are at the owner
