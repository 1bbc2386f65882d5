# A has given the volume away; before B takes it, B's disk goes back behind the final snapshot.
# What A has frozen is sent again by itself, and B takes it.
A creates the volume
A writes
A takes a snapshot
A pushes
B is backed up
A writes
A will be stopped after set flocker:owner=* released *
A begins to hand off
A has been stopped
B is killed
B goes back: pool
B starts
A goes on
B becomes owner
A becomes replica
all writes are at B
