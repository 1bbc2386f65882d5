# The same while the network is parted: A cannot know, and writes nothing before B has answered.
A creates the volume
A writes
A is backed up
A hands off
B becomes owner
B writes
A is killed
A goes back: both
the network parts
A starts
A waits for an answer
B writes
the network joins
A becomes superseded
all writes are at B
