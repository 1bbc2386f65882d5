# Two nodes created one volume, and an operator keeps A's: B is killed at each command by which it
# gives way, and comes back with the disks of before.
by hand
for WHAT: pool, state, both
for POINT: commands of giving way
the volume is created twice
B is backed up
B will be killed POINT
A begins to be kept
B has been killed
B goes back: WHAT
B starts
the operator is told that it is done
A becomes owner
B becomes superseded
A writes
all writes are at A
