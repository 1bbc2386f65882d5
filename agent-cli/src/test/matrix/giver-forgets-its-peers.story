# A loses its power, and B takes over; then A comes back with its pool, but without its state folder,
# and knows nobody whom it could ask. It mounts nothing, after a restart neither, until it is told.
A creates the volume
A writes
A pushes
A loses its power
B takes over
B becomes owner
B writes
A's state folder is lost
A starts
A waits to be told its peers
A is killed
A starts
A waits to be told its peers
A is told its peer
A becomes superseded
B writes
all writes are at B
write 1 is kept at A
