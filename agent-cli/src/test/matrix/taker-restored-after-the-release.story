# A has given the volume away; before B takes it, B's disks go back to a day when it had no copy.
# What A has frozen is sent again by itself, and B takes it.
for WHAT: pool, both
A creates the volume
B is backed up
A writes
A will be stopped after set flocker:owner=* released *
A begins to hand off
A has been stopped
B is killed
B goes back: WHAT
B starts
A goes on
B becomes owner
A becomes replica
all writes are at B
