# Two nodes created one volume, and an operator keeps A's: A is killed at each command of it. The
# order, given again, ends it.
for POINT: commands of being kept
the volume is created twice
A will be killed POINT
A begins to be kept
A has been killed
A starts
the operator tells it again
A becomes owner
B becomes superseded
A writes
all writes are at A
