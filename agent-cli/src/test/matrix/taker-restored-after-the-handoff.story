# B has taken the volume, and its disks go back to the day before; A has a copy, and what it gave.
# Nobody writes; an operator has A take it over.
for WHAT: pool, both
A creates the volume
A writes
A pushes
B is backed up
A writes
A hands off
B becomes owner
A becomes replica
B is killed
B goes back: WHAT
B starts
B becomes replica
A takes over
A becomes owner
A writes
all writes are at A
