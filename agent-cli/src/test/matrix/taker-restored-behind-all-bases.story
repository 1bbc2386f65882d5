# B is killed in the midst of taking the volume, and its pool goes back to a copy of which A has
# nothing left that both have. Nothing is rolled back without being asked: A says whose copy is in
# the way, and goes on by itself once that is gone.
for WHAT: pool, both
A creates the volume
A writes
A pushes
B is backed up
A writes
B will be killed after set flocker:owner=* owned *
A begins to hand off
B has been killed
B goes back: WHAT
B starts
A says that the copy of B is to be given up
the copy of B is given up
B becomes owner
A becomes replica
all writes are at B
