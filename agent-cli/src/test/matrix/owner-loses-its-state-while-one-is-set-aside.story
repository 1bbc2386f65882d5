# While A stands still at each command of setting its copy aside, B's state folder goes back to before
# it took the volume over: its pool says that it is the owner, and A that it knows.
by hand
for POINT: commands of setting aside
A creates the volume
A writes
A pushes
B is backed up
A loses its power
B takes over
B becomes owner
A starts
A becomes superseded
A will be stopped POINT
A begins to set its copy aside
A has been stopped
B is killed
B goes back: state
B starts
A goes on
the operator is told that it is done
write 1 is set aside at A
B becomes owner
B writes
all writes are at B
