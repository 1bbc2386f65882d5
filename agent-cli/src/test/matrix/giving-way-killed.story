# Two nodes created one volume, and an operator keeps A's: B is killed at each command by which it
# gives way.
by hand
for POINT: commands of giving way
the volume is created twice
B will be killed POINT
A begins to be kept
B has been killed
B starts
the operator is told that it is done
A becomes owner
B becomes superseded
A writes
all writes are at A
