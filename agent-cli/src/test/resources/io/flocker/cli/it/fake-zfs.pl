# A zfs(8) without a pool: fake-zfs.pl FOLDER ARGUMENT...
#
# Keeps names and properties in FOLDER/datasets, one "name property value source" a line. "send"
# makes up a stream of FOLDER/settings' "bytes"; "receive" takes one at its "rate", in bytes a
# second, rests once for "pause" seconds, and where it "errs" gives the snapshot another guid. Speaks
# the dialect of zfs-fuse, and where it "resumes" that of a ZFS that keeps what a cut receive has
# taken and goes on by its token. Every receive breaks off once it has taken "breaks" bytes.
use strict;
use warnings;
use Fcntl qw(:flock O_RDWR O_CREAT);
use Time::HiRes qw(time sleep);
use Compress::Zlib qw(compress uncompress);

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
    RESUMING    => 1 << 20,       # DMU_BACKUP_FEATURE_RESUMING
    TOKEN       => 'receive_resume_token',
    UINT64      => 8,             # DATA_TYPE_UINT64, include/sys/nvpair.h
    STRING      => 9,             # DATA_TYPE_STRING
};
use constant RECORD_BYTES => HEAD_BYTES + BLOCK_BYTES;

my ($folder, $command, @arguments) = @ARGV;
my %settings = map { chomp; split /=/ } read_lines("$folder/settings");
my %state;    # name => { property => [value, source] }

if (@arguments && $arguments[0] eq '-@') {
    my %usage = (
        receive => "receive [-us] FILESYSTEM\n\treceive -A FILESYSTEM\n",
        send    => "send [-i|-I BASE] SNAPSHOT\n\tsend -t TOKEN\n",
        get     => "get PROPERTIES\n\nProperties:\n\t" . TOKEN . "  NO\n",
    );
    print STDERR "usage:\n\t", $settings{resumes} && $usage{$command} || "$command\n";
    exit 2;
}
if ($command eq 'version' && $settings{resumes}) {
    print "zfs-2.3.2\n";
    exit 0;
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
} elsif ($command eq 'receive' && $arguments[0] eq '-A') {
    with_state(sub { abandon($arguments[1]) });
} elsif ($command eq 'receive') {
    my ($name, $guid) = receive_stream();
    $guid ^= 1 if $settings{errs};
    my $dataset = $arguments[-1];
    with_state(sub {
        add($dataset, guid(), type => 'filesystem', mounted => 'no', mountpoint => 'none')
            unless $state{$dataset};
        delete $state{$dataset}{+TOKEN};
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

# Runs a piece of work on the state, alone. Who is killed meanwhile leaves what was there before.
sub with_state {
    my ($work) = @_;
    sysopen my $lock, "$folder/lock", O_RDWR | O_CREAT or die "lock: $!";
    flock $lock, LOCK_EX or die "lock: $!";
    for (read_lines("$folder/datasets")) {
        chomp;
        my ($name, $property, $value, $source) = split /\t/;
        $state{$name}{$property} = [$value, $source];
    }
    $work->();
    return if $command eq 'get';
    open my $file, '>', "$folder/datasets.new" or die "datasets.new: $!";
    for my $name (sort keys %state) {
        for my $property (sort keys %{$state{$name}}) {
            print $file join("\t", $name, $property, @{$state{$name}{$property}}), "\n";
        }
    }
    close $file or die "datasets.new: $!";
    rename "$folder/datasets.new", "$folder/datasets" or die "datasets: $!";
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

# send [-i|-I BASE] SNAPSHOT, or send -t TOKEN
sub send_stream {
    my $snapshot = $_[-1];
    my ($features, $done) = (0, 0);
    my ($dataset) = split /@/, $snapshot;
    my $base = @_ > 2 ? $_[-2] : '';
    $base = "$dataset$base" if $base =~ /^@/;
    my $from = $base ? $state{$base}{guid}[0] : 0;
    if ($_[0] eq '-t') {
        my %token = unpack_token($_[1]);
        ($snapshot, $from, $done, $features) = (@token{qw(toname fromguid bytes)}, RESUMING);
    }
    my $to = $state{$snapshot}{guid}[0];
    my $begin = pack 'l< L< Q< Q< Q< L< L< Q< Q< a256',
        DRR_BEGIN, 0, MAGIC, $features << 2 | SUBSTREAM, int(time), OST_ZFS, 0, $to, $from || 0, $snapshot;
    my $write = pack 'l< x28 Q<', DRR_WRITE, BLOCK_BYTES; # drr_write.drr_logical_size
    $write .= "\0" x (HEAD_BYTES - length $write);
    my $block = join '', $write, map { pack 'Q<', int(rand(1 << 52)) } 1 .. BLOCK_BYTES / 8;
    my $end = pack 'l< x36 Q<', DRR_END, $to; # drr_end.drr_toguid
    $end .= "\0" x (HEAD_BYTES - length $end);
    write_all($begin);
    for (my $left = records() - $done / RECORD_BYTES; $left > 0;) {
        my $records = $left < 8 ? $left : 8;
        write_all($block x $records);
        $left -= $records;
    }
    write_all($end);
}

# How many blocks a stream has.
sub records {
    return 8 * int(($settings{bytes} + 8 * RECORD_BYTES - 1) / (8 * RECORD_BYTES));
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
    $SIG{TERM} = 'IGNORE' if $settings{resumes}; # what was taken is kept, whoever is in a hurry
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
        cut_off($head, $taken) if $settings{breaks} && $taken >= $settings{breaks};
        my $early = $begun + $taken / $settings{rate} - time;
        sleep $early if $early > 0;
    }
    cut_off($head, $taken) unless $taken > HEAD_BYTES && unpack('l<', $tail) == DRR_END;
    my $records = ($taken - 2 * HEAD_BYTES) / RECORD_BYTES;
    $records += taken_before($head) / RECORD_BYTES if $settings{resumes};
    refuse("cannot receive: $records blocks") if $records != records();
    my ($guid) = unpack 'x40 Q<', $head;
    my ($name) = unpack('x56 Z256', $head) =~ /@(.*)/;
    return ($name, $guid);
}

# The stream has ended early: keeps what came whole, where it can be gone on with.
sub cut_off {
    my ($head, $taken) = @_;
    refuse('cannot receive: incomplete stream') unless $settings{resumes} && length $head == HEAD_BYTES;
    my ($to, $from, $toname) = unpack 'x40 Q< Q< Z256', $head;
    my $records = int(($taken - HEAD_BYTES) / RECORD_BYTES);
    my $bytes = taken_before($head) + $records * RECORD_BYTES;
    my $dataset = $arguments[-1];
    with_state(sub {
        add($dataset, guid(), type => 'filesystem', mounted => 'no', mountpoint => 'none')
            unless $state{$dataset};
        $state{$dataset}{+TOKEN} = [pack_token($toname, $to, $from, $bytes), '-'];
    });
    refuse("cannot receive new filesystem stream: checksum mismatch or incomplete stream.\n"
        . 'Partially received snapshot is saved.');
}

# How many bytes of blocks have come in the streams that this one goes on from.
sub taken_before {
    my ($head) = @_;
    my ($info) = unpack 'x16 Q<', $head;
    return 0 unless ($info >> 2) & RESUMING;
    my $token;
    with_state(sub { $token = $state{$arguments[-1]}{+TOKEN} });
    refuse('cannot receive: there is nothing to go on from') unless $token;
    my %values = unpack_token($token->[0]);
    return $values{bytes};
}

# Drops what a cut receive has kept, and the dataset if that was all it was.
sub abandon {
    my ($dataset) = @_;
    refuse("'$dataset' does not have any resumable receive state to abort")
        unless $state{$dataset} && delete $state{$dataset}{+TOKEN};
    delete $state{$dataset} unless grep { /^\Q$dataset\E@/ } keys %state;
}

# 1-CHECKSUM-LENGTH-PAYLOAD, as zfs_send_resume_token_to_nvlist of OpenZFS reads it.
sub pack_token {
    my ($toname, $to, $from, $bytes) = @_;
    my @numbers = (toguid => $to, bytes => $bytes, $from ? (fromguid => $from) : ());
    my $list = pack 'C C x2 l< L<', 0, 1, 0, 1; # native, little-endian, version, unique names
    while (my ($name, $value) = splice @numbers, 0, 2) {
        $list .= pair($name, UINT64, pack 'Q<', $value);
    }
    $list .= pair('toname', STRING, "$toname\0") . pack 'l<', 0;
    my $packed = compress($list);
    my $sum = 0;
    $sum += $_ for unpack 'L<*', $packed;
    return sprintf '1-%x-%x-%s', $sum, length $list, unpack 'H*', $packed;
}

# An nvpair_t: size, length of the name, count, type, name and value, both to the next eight bytes.
sub pair {
    my ($name, $type, $value) = @_;
    my $rest = pack 's< x2 l< l<', length($name) + 1, 1, $type;
    my $body = aligned(pack('l<', 0) . $rest . "$name\0") . aligned($value);
    substr $body, 0, 4, pack 'l<', length $body;
    return $body;
}

sub aligned {
    my ($bytes) = @_;
    return $bytes . "\0" x (-length($bytes) % 8);
}

sub unpack_token {
    my ($token) = @_;
    my $list = uncompress(pack 'H*', (split /-/, $token)[3]);
    my %values;
    for (my $at = 12; my $size = unpack 'l<', substr $list, $at, 4; $at += $size) {
        my ($length, $type) = unpack 'x4 s< x6 l<', substr $list, $at, 16;
        my $value = substr $list, $at + ((16 + $length + 7) & ~7);
        $values{substr $list, $at + 16, $length - 1} = unpack $type == UINT64 ? 'Q<' : 'Z*', $value;
    }
    return %values;
}
