# While B stands still at each command of a takeover, A comes back with the disks of before.
by hand
for WHAT: pool, state, both
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
A is backed up
A loses its power
B will be stopped POINT
B begins to take over
B has been stopped
A goes back: WHAT
A starts
A waits for an answer
B goes on
one becomes owner
all writes are at the owner
