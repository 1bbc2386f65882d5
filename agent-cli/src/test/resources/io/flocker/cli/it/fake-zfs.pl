# A zfs(8) without a pool: fake-zfs.pl FOLDER ARGUMENT...
#
# Keeps names and properties in FOLDER/datasets, one "name property value source" a line. "send"
# makes up a stream of FOLDER/settings' "bytes"; "receive" takes one at its "rate", in bytes a
# second, rests once for "pause" seconds, and where it "errs" gives the snapshot another guid. Speaks
# the dialect of zfs-fuse.
use strict;
use warnings;
use Fcntl qw(:flock O_RDWR O_CREAT);
use Time::HiRes qw(time sleep);

use constant {
    MIB         => 1 << 20,
    HEAD_BYTES  => 312,           # sizeof(dmu_replay_record_t), include/sys/zfs_ioctl.h
    BLOCK_BYTES => 128 << 10,
    MAGIC       => (0x2 << 32) + 0xF5bacbac, # DMU_BACKUP_MAGIC
    SUBSTREAM   => 1,             # DMU_SUBSTREAM
    OST_ZFS     => 2,             # DMU_OST_ZFS
    DRR_BEGIN   => 0,
    DRR_WRITE   => 3,
    DRR_END     => 5,
};

my ($folder, $command, @arguments) = @ARGV;
my %settings = map { chomp; split /=/ } read_lines("$folder/settings");
my %state;    # name => { property => [value, source] }

if (@arguments && $arguments[0] eq '-@') {
    print STDERR "usage:\n\t$command\n";
    exit 2;
}
my %commands = (
    get      => \&get,
    set      => sub {
        my ($p, $v) = split /=/, $_[0], 2;
        put($_[1], $p, $p eq 'refquota' && $v eq 'none' ? 0 : $v, 'local');
    },
    inherit  => sub { delete $state{$_[1]}{$_[0]} },
    create   => \&create,
    snapshot => sub { add($_[0], guid(), type => 'snapshot') },
    destroy  => sub { my $n = $_[-1]; delete @state{grep { /^\Q$n\E(@|$)/ } keys %state} },
    mount    => sub { put($_[-1], 'mounted', 'yes', '-') },
    unmount  => sub { put($_[-1], 'mounted', 'no', '-') },
    hold     => sub { },
    release  => sub { },
);
if ($command eq 'send') {
    with_state(sub { });
    send_stream(@arguments);
} elsif ($command eq 'receive') {
    my ($name, $guid) = receive_stream();
    $guid ^= 1 if $settings{errs};
    my $dataset = $arguments[-1];
    with_state(sub {
        add($dataset, guid(), type => 'filesystem', mounted => 'no', mountpoint => 'none')
            unless $state{$dataset};
        add("$dataset\@$name", $guid, type => 'snapshot');
    });
} elsif ($commands{$command}) {
    with_state(sub { $commands{$command}->(@arguments) });
} else {
    refuse("unrecognized command '$command'");
}

sub refuse {
    print STDERR "@_\n";
    exit 1;
}

sub read_lines {
    my ($file) = @_;
    open my $in, '<', $file or return ();
    return <$in>;
}

# Runs a piece of work on the state, alone.
sub with_state {
    my ($work) = @_;
    sysopen my $file, "$folder/datasets", O_RDWR | O_CREAT or die "datasets: $!";
    flock $file, LOCK_EX or die "datasets: $!";
    while (<$file>) {
        chomp;
        my ($name, $property, $value, $source) = split /\t/;
        $state{$name}{$property} = [$value, $source];
    }
    $work->();
    truncate $file, 0;
    seek $file, 0, 0;
    for my $name (sort keys %state) {
        for my $property (sort keys %{$state{$name}}) {
            print $file join("\t", $name, $property, @{$state{$name}{$property}}), "\n";
        }
    }
    close $file or die "datasets: $!";
}

sub put {
    my ($name, $property, $value, $source) = @_;
    refuse("cannot open '$name': dataset does not exist") unless $state{$name};
    $state{$name}{$property} = [$value, $source];
}

sub guid {
    return 1 + int(rand(1 << 48));
}

sub add {
    my ($name, $guid, %properties) = @_;
    my $transaction = 1 + keys %state;
    %properties = (
        guid => $guid, createtxg => $transaction, creation => int(time), used => 0, referenced => 0,
        refquota => 0, readonly => 'off', available => 1 << 50, userrefs => 0, %properties);
    $state{$name} = { map { $_ => [$properties{$_}, '-'] } keys %properties };
}

sub create {
    my $name = pop;
    add($name, guid(), type => 'filesystem', mounted => 'no');
    for (grep { /=/ } @_) {
        my ($property, $value) = split /=/, $_, 2;
        put($name, $property, $value, 'local');
    }
}

# get -Hp [-d DEPTH] -o COLUMNS PROPERTIES NAME
sub get {
    my ($root, $properties, @options) = reverse @_;
    my $depth = 0;
    my @columns;
    @options = reverse @options;
    while (@options) {
        my $option = shift @options;
        $depth   = shift @options             if $option eq '-d';
        @columns = split /,/, shift @options if $option eq '-o';
    }
    refuse("cannot open '$root': dataset does not exist") unless $state{$root};
    for my $name (sort keys %state) {
        next unless $name =~ m{^\Q$root\E([/@].*)?$};
        my $below = $1 // '';
        next if ($below =~ tr{/@}{}) > $depth;
        for my $property (split /,/, $properties) {
            my ($value, $source) = @{$state{$name}{$property} // ['-', '-']};
            my %row = (name => $name, property => $property, value => $value, source => $source);
            print join("\t", @row{@columns}), "\n";
        }
    }
}

# send [-i|-I BASE] SNAPSHOT
sub send_stream {
    my $snapshot = $_[-1];
    my ($dataset) = split /@/, $snapshot;
    my $base = @_ > 2 ? $_[-2] : '';
    $base = "$dataset$base" if $base =~ /^@/;
    my $from = $base ? $state{$base}{guid}[0] : 0;
    my $to = $state{$snapshot}{guid}[0];
    my $begin = pack 'l< L< Q< Q< Q< L< L< Q< Q< a256',
        DRR_BEGIN, 0, MAGIC, SUBSTREAM, int(time), OST_ZFS, 0, $to, $from, $snapshot;
    my $write = pack 'l< x28 Q<', DRR_WRITE, BLOCK_BYTES; # drr_write.drr_logical_size
    $write .= "\0" x (HEAD_BYTES - length $write);
    my $noise = join '', map { pack 'Q<', int(rand(1 << 52)) } 1 .. BLOCK_BYTES / 8;
    my $blocks = ($write . $noise) x (MIB / BLOCK_BYTES);
    my $end = pack 'l< x36 Q<', DRR_END, $to; # drr_end.drr_toguid
    $end .= "\0" x (HEAD_BYTES - length $end);
    write_all($begin);
    for (my $left = $settings{bytes}; $left > 0; $left -= length $blocks) {
        write_all($blocks);
    }
    write_all($end);
}

sub write_all {
    my ($bytes) = @_;
    my $done = 0;
    while ($done < length $bytes) {
        $done += syswrite(STDOUT, $bytes, length($bytes) - $done, $done) // die "send: $!";
    }
}

# Returns the name and the guid of the snapshot that the stream brought.
sub receive_stream {
    my ($head, $tail, $taken, $begun) = ('', '', 0, time);
    my $rest = $settings{pause};
    while (sysread STDIN, my $bytes, MIB) {
        $head .= substr $bytes, 0, HEAD_BYTES if length $head < HEAD_BYTES;
        $tail = substr $tail . $bytes, -HEAD_BYTES() if length $bytes < HEAD_BYTES;
        $tail = substr $bytes, -HEAD_BYTES() if length $bytes >= HEAD_BYTES;
        $taken += length $bytes;
        if ($rest && $taken > $settings{bytes} / 2) {
            sleep $rest;
            $rest = 0;
        }
        my $early = $begun + $taken / $settings{rate} - time;
        sleep $early if $early > 0;
    }
    refuse('cannot receive: incomplete stream') unless unpack('l<', $tail) == DRR_END;
    my ($guid) = unpack 'x40 Q<', $head;
    my ($name) = unpack('x56 Z256', $head) =~ /@(.*)/;
    return ($name, $guid);
}
