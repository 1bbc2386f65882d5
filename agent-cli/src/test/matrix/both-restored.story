# The disks of both go back to the day before the handoff: A owns the volume again, and nobody is
# put out.
A creates the volume
A writes
A pushes
A is backed up
B is backed up
A hands off
B becomes owner
B writes
A is killed
B is killed
A goes back: both
B goes back: both
write 2 is rolled back
B starts
A starts
A becomes owner
B becomes replica
all writes are at A
A hands off
B becomes owner
all writes are at B
