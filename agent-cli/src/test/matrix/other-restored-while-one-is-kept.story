# While A stands still at each command of being kept, B comes back with the disks of before.
by hand
for WHAT: pool, state, both
for POINT: commands of being kept
the volume is created twice
B is backed up
A will be stopped POINT
A begins to be kept
A has been stopped
B is killed
B goes back: WHAT
B starts
A goes on
the operator is told that it is done
A becomes owner
B becomes superseded
A writes
all writes are at A
