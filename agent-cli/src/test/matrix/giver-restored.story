# A gave the volume to B; then A's disks go back to the day before. B's grant puts A out, and what
# lies at A is kept.
for WHAT: pool, both
A creates the volume
A writes
A is backed up
A hands off
B becomes owner
B writes
A is killed
A goes back: WHAT
A starts
A becomes superseded
B writes
all writes are at B
write 1 is kept at A
