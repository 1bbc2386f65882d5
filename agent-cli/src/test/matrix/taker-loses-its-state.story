# While A stands still at each of its commands of a handoff, B comes back with the state of before.
for POINT: commands of the giver
A creates the volume
A writes
A pushes
B is backed up
A will be stopped POINT
A begins to hand off
A has been stopped
B is killed
B goes back: state
B starts
A goes on
one becomes owner
all writes are at the owner
