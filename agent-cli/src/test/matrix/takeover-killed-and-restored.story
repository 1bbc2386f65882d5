# B is killed at each command of a takeover, and comes back with the pool of before. It takes over
# once more, by a fresh order: it may know an epoch by now that the old one does not reach.
for WHAT: pool, both
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
B is backed up
A loses its power
B will be killed POINT
B begins to take over
B has been killed
B goes back: WHAT
B starts
B takes over
B becomes owner
A starts
A becomes superseded
all writes are at B
