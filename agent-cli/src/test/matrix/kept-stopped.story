# The same, where A stands still; B comes up meanwhile, and does not write.
for POINT: commands of being kept
the volume is created twice
A will be stopped POINT
A begins to be kept
A has been stopped
B is killed
B starts
B does not have it mounted
A goes on
the operator is told that it is done
A becomes owner
B becomes superseded
A writes
all writes are at A
