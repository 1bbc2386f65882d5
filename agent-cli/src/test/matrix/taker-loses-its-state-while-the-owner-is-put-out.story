# The same with the state folder alone: B's pool says that it is the owner, and A that it knows.
by hand
for POINT: commands of being put out
A creates the volume
A writes
A pushes
B is backed up
A loses its power
B takes over
B becomes owner
B writes
A will be stopped POINT
A begins to start
A has been stopped
B is killed
B goes back: state
B starts
A goes on
A has started
A becomes superseded
B becomes owner
all writes are at B
