# The same, where B stands still: A does not write before B has answered.
by hand
for POINT: commands of giving way
the volume is created twice
B will be stopped POINT
A begins to be kept
B has been stopped
A waits for an answer
B goes on
the operator is told that it is done
A becomes owner
B becomes superseded
A writes
all writes are at A
