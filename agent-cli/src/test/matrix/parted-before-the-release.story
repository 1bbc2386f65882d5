# The network parts before A has given the volume away: it stays at A, once all is over.
A creates the volume
A writes
A pushes
A will be stopped before snapshot *handoff*
A begins to hand off
A has been stopped
the network parts
A goes on
the handoff fails
A becomes owner
A writes
the network joins
A hands off
B becomes owner
A becomes replica
all writes are at B
