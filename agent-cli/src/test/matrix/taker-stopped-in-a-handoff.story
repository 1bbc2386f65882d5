# B stands still at each of its commands of a handoff, until A has given up waiting for it, and asks
# anew.
by hand
for POINT: commands of the taker
A creates the volume
A writes
A pushes
B will be stopped POINT
A begins to hand off
B has been stopped
65 seconds pass
B goes on
one becomes owner
all writes are at the owner
