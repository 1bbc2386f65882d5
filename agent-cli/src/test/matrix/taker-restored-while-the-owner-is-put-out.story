# B has taken over, and its pool goes back to the day before, while A, which came back, stands still
# at each command by which it puts itself out. B takes over once more.
by hand
for WHAT: pool, both
for POINT: commands of being put out
A creates the volume
A writes
A pushes
B is backed up
A loses its power
B takes over
B becomes owner
A will be stopped POINT
A begins to start
A has been stopped
B is killed
B goes back: WHAT
B starts
A goes on
A has started
A becomes superseded
B takes over
B becomes owner
all writes are at B
