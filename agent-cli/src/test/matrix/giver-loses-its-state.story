# A gave the volume to B; then A's state folder goes back, its pool does not: A has its copy still.
A creates the volume
A writes
A is backed up
A hands off
B becomes owner
B writes
A is killed
A goes back: state
A starts
A becomes replica
B pushes
B hands off
A becomes owner
B becomes replica
all writes are at A
