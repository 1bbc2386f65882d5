# Two nodes created one volume, and an operator keeps A's: A is killed at each command of it, and
# comes back with the disks of before. The order, given again, ends it.
by hand
for WHAT: pool, state, both
for POINT: commands of being kept
the volume is created twice
A is backed up
A will be killed POINT
A begins to be kept
A has been killed
A goes back: WHAT
A starts
the operator tells it again
A becomes owner
B becomes superseded
A writes
all writes are at A
