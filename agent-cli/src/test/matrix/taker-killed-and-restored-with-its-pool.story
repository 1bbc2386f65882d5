# B is killed at each of its commands of a handoff, and comes back with the pool of before. Where A
# has nothing left by then that both have, A says so, and the copy is given up.
by hand
for WHAT: pool, both
for POINT: commands of the taker
A creates the volume
A writes
A pushes
B is backed up
B will be killed POINT
A begins to hand off
B has been killed
B goes back: WHAT
B starts
one becomes owner, if need be once the copy of B is given up
all writes are at the owner
