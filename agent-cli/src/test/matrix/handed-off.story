# Nothing happens: there and back.
A creates the volume
A writes
A hands off
B becomes owner
A becomes replica
B writes
all writes are at B
B hands off
A becomes owner
all writes are at A
