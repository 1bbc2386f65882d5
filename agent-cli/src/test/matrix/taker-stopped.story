# B stands still at each command of a takeover, longer than A, which comes back, waits for an answer.
for POINT: commands of a takeover
A creates the volume
A writes
A pushes
A loses its power
B will be stopped POINT
B begins to take over
B has been stopped
A starts
A waits for an answer
B goes on
one becomes owner
all writes are at the owner
