/*
 * Who may write a volume: two nodes, one volume, everything that can go wrong. init/model checks it.
 *
 * HOW TO READ THIS (Promela, the language of Spin)
 *   Each `:: d_step { condition -> what happens }` is one transition: it may be taken whenever its
 *   condition holds, and nothing comes between its lines. Spin tries every transition in every
 *   order, so what is asserted in check() holds after every step of every history within the bounds.
 *   `inline` is a macro. `if :: else fi` does nothing.
 *
 * THE PROCESSES
 *   Node      flockerd on A and on B: starts, creates, asks, mounts, pushes, hands off.
 *   Network   what reaches a node from outside. Any grant that was ever signed can be shown to any
 *             node at any time, by anybody: that is losing, doubling, delaying and reordering of
 *             messages at once, and all that a liar with a certificate of the cluster can do, who
 *             can repeat a signature but not make one.
 *   Faults    kill -9 of a daemon (its mount stays, and is written), crash of a machine, restore of
 *             pool, of state, of both, to any earlier moment.
 *   Operator  takeover with and without --fenced, resolve; also the wrong one at the wrong node.
 *   init      at any moment the calm begins: no more faults, one operator who knows what he wants.
 *             From there the way must lead to one writable owner. Or one node is dead for good.
 *
 * THE STATE
 *   pool      state, record (a grant: it bears epoch and node), data, setAside: restored together.
 *   state     seen: the highest grant that was proven to this node.
 *   this run  up, mounted, cleared (every peer has answered this run's question about this very
 *             record), quiesced, peerHolds (the final snapshot): a killed daemon forgets all but the
 *             mount.
 *
 * WHAT IS LEFT OUT, AND WHY NOTHING IS LOST BY IT
 *   A question and its answer are one step. `cleared` stays from the answer to the mount, so the
 *   answer may be as old as it likes; a question whose answer is lost is a grant shown by Network.
 *   Fencing is one step: killed halfway, a node is unmounted with its old record, as after a crash.
 *   Signing a grant and writing it on record is one step: a grant must not leave the node before.
 *   Containers, ports, snapshots, locks: what is written is a bit, and a copy is the set of its bits.
 *   A peer that refuses to answer, for whatever reason, is a peer that is not reached.
 *
 * ASSUMPTIONS, which are the limits of what is promised
 *   1. A restored node whose peer cannot be reached does not mount: it is unconfirmed, for as long
 *      as it takes. Nothing in the model lets it, but for 2. So it is for peers with `takeover:
 *      manual`; with `never` it mounts after a while, and until it is answered nothing is promised.
 *   2. `takeover --fenced X`: the operator has made sure that X cannot write until it has asked:
 *      it has nothing mounted and holds no answer to a question that it asked before. His word
 *      counts for this run of the daemon that he told, not for its next start.
 *   3. A disk goes back only under a machine that is off. A virtual machine that is rolled back with
 *      its memory comes back with its mount, and writes until it is told: not covered.
 *   4. Nobody has the private key of a node or of a user who may take over.
 *
 * THE TRANSITIONS AND THE JAVA CODE (io.flocker.core.volume.ownership.Ownership.decide)
 *   create (Created), receive (Received, in `copy`), release (Released), acquire (Acquired), deliver
 *   (Delivered), learn with supersede and contest (Shown), takeOver (TakenOver), putAside (SetAside).
 *   ask and hear are io.flocker.transfer.confirm. A grant lies in the state folder only; the record
 *   bears who, since when and by which operation.
 *
 * RULES WITHOUT WHICH THE MODEL FAILS, beyond "a node asks every peer before it mounts"
 *   The question bears the asker's grant; who is asked judges it, and fences itself, before it
 *   answers. Who acquires asks too, the node that released as well: a grant may be older than its
 *   giver's disk. Two grants of one epoch are rivals whomever they name: operations are compared,
 *   not nodes. Who is contested clears nobody of its epoch. An operator's choice is a new epoch,
 *   above what the node and the peers that it reaches know. That a peer is fenced counts for one run.
 *   A released copy can be sent again.
 *
 * PLANTED FAULTS: each -DFAULT_... breaks one rule, and init/model --faults wants each to be found.
 */
#ifndef GRANTS
#define GRANTS 3 /* that may be signed before the calm, creations included */
#endif
#ifndef RESTORES
#define RESTORES 1
#endif
#ifndef CHOICES
#define CHOICES 1 /* of the operator before the calm */
#endif
#ifndef WRITES
#define WRITES 2
#endif
#if GRANTS > 5
#error "Network shows five grants at most: add to its ARRIVES"
#endif
#define CALM_GRANTS 1 /* one choice of the operator must do */
#define CALM_STEPS 20

#define A 0
#define B 1
#define NOBODY 2
#define NODES 2
#define OTHER(n) (1 - (n))

/* What is signed. The place in the list is the operation's id; epochs count from 1 here. */
#define NO_GRANT 0
typedef Grant {
  byte epoch;
  byte after; /* the grant of the owner who signed; NO_GRANT: a creation, or signed by an operator */
  byte to;
  byte final /* what the final snapshot holds */
#ifdef FAULT_FENCED_WORD_KEPT
  ; bit fenced
#endif
};
Grant grants[GRANTS + CALM_GRANTS + 1];
byte lastGrant;

/* Each node's pool. A copy without a record does not occur: `none` is no copy. */
mtype = { none, owned, released, contested, superseded };
mtype state[NODES] = none;
byte record[NODES];
byte data[NODES];
byte setAside[NODES]; /* <name>.superseded-<utc> */

/* Each node's state folder. */
byte seen[NODES];

/* Each node's run. */
bit up[NODES];
bit mounted[NODES]; /* writable */
bit cleared[NODES];
bit quiesced[NODES];
bit peerHolds[NODES];

/* Copies of pool and state that were made at some moment, each for one restore. */
bit saved[NODES];
mtype stateSaved[NODES] = none;
byte recordSaved[NODES];
byte dataSaved[NODES];
byte setAsideSaved[NODES];
byte seenSaved[NODES];

/* What nobody in the cluster knows, only we: for the assertions and the bounds. */
byte acknowledged;
byte namedLost; /* by a takeover */
byte rolledBack; /* was only on a disk that went back */
bit harmed; /* a disk went back, an operator chose, or one id was created twice */
byte saves;
byte choices;

bit calm;
byte dead = NOBODY;
byte favourite; /* whom the operator keeps when he has to choose */
byte calmSteps;

hidden byte noted;
hidden byte isClear;

#define EPOCH(g) grants[g].epoch
#define HIGHER(g, h) (EPOCH(g) > EPOCH(h))
#ifdef FAULT_EPOCHS_BACKWARDS
#define PROVES_MORE(g, h) (EPOCH(g) < EPOCH(h))
#else
#define PROVES_MORE(g, h) HIGHER(g, h)
#endif
#ifdef FAULT_SAME_OWNER_AGREES
#define RIVALS(g, h) (EPOCH(g) == EPOCH(h) && grants[g].to != grants[h].to)
#else
#define RIVALS(g, h) (EPOCH(g) == EPOCH(h) && (g) != (h))
#endif
#define KNOWN(n) (HIGHER(seen[n], record[n]) -> seen[n] : record[n])
#define OWNER(n) (state[n] == owned && grants[record[n]].to == (n))
#define REPLICA(n) (state[n] == owned && grants[record[n]].to != (n))
#define HAS_COPY(n) (state[n] != none)
#define WITHIN(part, whole) (((part) & ~(whole)) == 0)
#define MAY_SIGN (lastGrant < GRANTS || calm && lastGrant < GRANTS + CALM_GRANTS)

/* After every step. */
inline check() {
  printf("  A: %e of grant %d, data %d, set aside %d, seen %d, up %d, mounted %d, cleared %d\n",
    state[A], record[A], data[A], setAside[A], seen[A], up[A], mounted[A], cleared[A]);
  printf("  B: %e of grant %d, data %d, set aside %d, seen %d, up %d, mounted %d, cleared %d\n",
    state[B], record[B], data[B], setAside[B], seen[B], up[B], mounted[B], cleared[B]);
  /* Never two writers, and nobody writes what is not his: contested and superseded included. */
  assert(!(mounted[A] && mounted[B]));
  assert(!mounted[A] || OWNER(A));
  assert(!mounted[B] || OWNER(B));
  /* No acknowledged write is ever destroyed. */
  assert(WITHIN(acknowledged, data[A] | setAside[A] | data[B] | setAside[B] | namedLost | rolledBack));
  /* Crashes alone, in whatever order: nobody is put out, and the owner has all that was written. */
  assert(harmed || state[A] != superseded && state[A] != contested);
  assert(harmed || state[B] != superseded && state[B] != contested);
  assert(harmed || !OWNER(A) || WITHIN(acknowledged, data[A]));
  assert(harmed || !OWNER(B) || WITHIN(acknowledged, data[B]));
  /* The calm comes to its end. */
  calmSteps = calmSteps + calm;
  assert(calmSteps < CALM_STEPS)
}

/* ---------------------------------------------------------------- what a node does to itself */
inline forgetRun(n) {
  cleared[n] = 0;
  quiesced[n] = 0;
  peerHolds[n] = 0
}

inline fence(n) {
  mounted[n] = 0;
  forgetRun(n)
}

inline remember(n, g) {
  if
  :: HIGHER(g, seen[n]) -> seen[n] = g
  :: else
  fi
}

inline write(n, newState, g) {
  state[n] = newState;
  record[n] = g;
  remember(n, g)
}

inline sign(below, signer, taker, snapshot) {
  lastGrant++;
  grants[lastGrant].epoch = grants[below].epoch + 1;
  grants[lastGrant].after = signer;
  grants[lastGrant].to = taker;
  grants[lastGrant].final = snapshot
}

/* ------------------------------------------------------------------ transitions of the record */
/* Created. What an id's second creation leads to, its first question tells. */
inline create(n) {
  if
  :: lastGrant > 0 -> harmed = 1
  :: else
  fi;
  sign(NO_GRANT, NO_GRANT, n, 0);
  write(n, owned, lastGrant);
#ifdef FAULT_CREATE_UNASKED
  cleared[n] = 1
#endif
}

/* Received: what diverged is set aside first (onDivergence: rotate). */
inline copy(n, g) {
  if
  :: WITHIN(data[OTHER(n)], data[n])
  :: else -> setAside[OTHER(n)] = setAside[OTHER(n)] | data[OTHER(n)]
  fi;
  data[OTHER(n)] = data[n];
  write(OTHER(n), owned, g)
}

/* Released: the commit. */
inline release(n) {
  sign(record[n], record[n], OTHER(n), data[n]);
#ifdef FAULT_ACQUIRE_BEFORE_RELEASE
  peerHolds[n] = 0 /* the grant is out, and the record still says that the node owns the volume */
#else
  write(n, released, lastGrant);
  fence(n)
#endif
}

/* Acquired: follows on what is recorded here, is the next epoch, and the copy is the final one. */
#define ACQUIRABLE(n, g) (REPLICA(n) && grants[g].to == (n) && grants[g].after != NO_GRANT \
  && grants[grants[g].after].to == grants[record[n]].to && EPOCH(g) == EPOCH(record[n]) + 1 \
  && data[n] == grants[g].final && !HIGHER(seen[n], g) && !RIVALS(seen[n], g))

inline acquire(n, g) {
  write(n, owned, g);
#ifdef FAULT_ACQUIRE_UNASKED
  cleared[n] = 1
#endif
}

/* Delivered. */
inline deliver(n) { state[n] = owned }

inline contest(n) {
#ifndef FAULT_CONTESTED_WRITABLE
  fence(n);
#endif
  state[n] = contested
}

/* The record of a superseded copy is the grant that proves it: it must not need the state folder. */
inline supersede(n, g) {
  fence(n);
  write(n, superseded, g)
}

/* A node is shown a signed grant, by whomever. */
inline learn(n, g) {
  if
  :: (OWNER(n) || state[n] == released || state[n] == contested) && PROVES_MORE(g, record[n]) ->
    supersede(n, g)
  :: else ->
    if
    :: (OWNER(n) || state[n] == released) && RIVALS(g, record[n]) -> contest(n)
    :: else
    fi
  fi;
  remember(n, g)
}

/* A takeover, and a resolve that keeps the node's own copy: an operator signs the next epoch. Where
   the peer is asked anyway, what it knows counts: else the new epoch could be an old one there. */
inline takeOver(n, isFenced) {
  noted = KNOWN(n);
#ifndef FAULT_CHOICE_BLIND
  if
  :: !isFenced && HIGHER(KNOWN(OTHER(n)), noted) -> noted = KNOWN(OTHER(n))
  :: else
  fi;
#endif
  sign(noted, NO_GRANT, n, 0);
  noted = 0;
  if
  :: isFenced -> namedLost = namedLost | (acknowledged & ~data[n])
  :: else
  fi;
  harmed = 1;
  write(n, owned, lastGrant);
  fence(n);
  cleared[n] = isFenced;
#ifdef FAULT_FENCED_WORD_KEPT
  grants[lastGrant].fenced = isFenced
#endif
}

/* A resolve that keeps the other node's copy: only once that node's newer grant is proven here. */
inline putAside(n) {
  setAside[n] = setAside[n] | data[n];
  data[n] = 0;
  state[n] = none;
  record[n] = NO_GRANT
}

/* --------------------------------------------------------------------- questions and answers */
/* What n hears of its grant from the peer, which was shown it just before. */
inline hear(n, g) {
  if
  :: state[OTHER(n)] == contested && EPOCH(record[OTHER(n)]) == EPOCH(g) -> contest(n)
  :: else ->
    noted = KNOWN(OTHER(n));
    if
    :: PROVES_MORE(noted, g) || RIVALS(noted, g) -> learn(n, noted)
    :: else -> isClear = 1
    fi;
    noted = 0
  fi
}

/* The question bears the asker's grant; the peer judges it, and fences itself, before it answers. */
inline ask(n) {
  isClear = 0;
#ifndef FAULT_ANSWER_BEFORE_FENCE
  learn(OTHER(n), record[n]);
#endif
  if
  :: state[OTHER(n)] == released && record[OTHER(n)] == record[n] -> deliver(OTHER(n))
  :: else
  fi;
  hear(n, record[n]);
  cleared[n] = isClear
}

#define REACHED(n) (up[n] && up[OTHER(n)])
#define TAKES(n, g) ((state[n] == none || REPLICA(n)) && !HIGHER(KNOWN(n), g) && !RIVALS(KNOWN(n), g))

#if defined(FAULT_FENCE_AFTER_MOUNTING)
#define MAY_MOUNT(n) OWNER(n)
#elif defined(FAULT_CONTESTED_WRITABLE)
#define MAY_MOUNT(n) ((OWNER(n) || state[n] == contested) && cleared[n])
#else
#define MAY_MOUNT(n) (OWNER(n) && cleared[n])
#endif

proctype Node(byte n) {
end_node:
  do
  :: d_step { !up[n] && n != dead ->
      up[n] = 1;
      remember(n, record[n]);
      learn(n, seen[n]); /* the pool may be older than the state */
#ifdef FAULT_FENCED_WORD_KEPT
      cleared[n] = (OWNER(n) && grants[record[n]].fenced);
#endif
      printf("%c starts\n", 65 + n); check() }

  /* A begins, without loss: the nodes are alike. */
  :: d_step { !calm && up[n] && !HAS_COPY(n) && seen[n] == NO_GRANT && MAY_SIGN && (n == A || lastGrant > 0) ->
      create(n); printf("%c creates the volume\n", 65 + n); check() }

  /* Before it mounts, and again and again. */
  :: d_step { REACHED(n) && OWNER(n) && !(calm && cleared[n]) ->
      ask(n); printf("%c asks\n", 65 + n); check() }
  :: d_step { up[n] && MAY_MOUNT(n) && !mounted[n] ->
      mounted[n] = 1; quiesced[n] = 0; peerHolds[n] = 0; printf("%c mounts\n", 65 + n); check() }

  /* Containers write as long as there is a mount, whether or not the daemon lives. */
  :: d_step { !calm && mounted[n] && acknowledged < (1 << WRITES) - 1 ->
      data[n] = data[n] | (acknowledged + 1);
      acknowledged = acknowledged * 2 + 1;
      printf("%c writes\n", 65 + n); check() }
  /* In the calm only where the copy there has what the owner's lacks: that is set aside. */
  :: d_step { REACHED(n) && OWNER(n) && TAKES(OTHER(n), record[n]) &&
        (!calm || mounted[n] && !WITHIN(data[OTHER(n)], data[n])) ->
      copy(n, record[n]); peerHolds[n] = quiesced[n]; printf("%c pushes\n", 65 + n); check() }

  /* Handoff. Until the release it is given up by mounting again, or by the end of the daemon. */
  :: d_step { !calm && up[n] && mounted[n] && MAY_SIGN ->
      mounted[n] = 0; quiesced[n] = 1; printf("%c quiesces\n", 65 + n); check() }
  :: d_step { up[n] && OWNER(n) && quiesced[n] && peerHolds[n] && MAY_SIGN ->
      release(n); printf("%c releases by grant %d\n", 65 + n, lastGrant); check() }

  /* After the release there is only forward: granted again and again (before the calm by Network), */
  :: d_step { calm && REACHED(n) && state[n] == released && ACQUIRABLE(OTHER(n), record[n]) ->
      acquire(OTHER(n), record[n]); printf("%c is granted the volume\n", 65 + OTHER(n)); check() }
  :: d_step { REACHED(n) && state[n] == released && OWNER(OTHER(n)) && record[OTHER(n)] == record[n] ->
      deliver(n); printf("%c hears that its grant was taken\n", 65 + n); check() }
  /* the copy sent again where the peer has lost it, */
  :: d_step { REACHED(n) && state[n] == released && TAKES(OTHER(n), record[n]) &&
        record[OTHER(n)] != record[n] && !ACQUIRABLE(OTHER(n), record[n]) ->
      noted = grants[record[n]].after;
      copy(n, noted);
      noted = 0;
      printf("%c pushes what it has released\n", 65 + n); check() }
  /* or the answer that there is another owner. */
  :: d_step { REACHED(n) && state[n] == released && (state[OTHER(n)] == contested ||
        OWNER(OTHER(n)) && record[OTHER(n)] != record[n] ||
        HIGHER(KNOWN(OTHER(n)), record[n]) || RIVALS(KNOWN(OTHER(n)), record[n])) ->
      learn(OTHER(n), record[n]);
      hear(n, record[n]);
      printf("%c grants the volume and is refused\n", 65 + n); check() }
  od
}

#define IS_NEWS(n, g) (HIGHER(g, seen[n]) || PROVES_MORE(g, record[n]) || RIVALS(g, record[n]))
#define ARRIVES(g) \
  :: d_step { !calm && up[n] && g <= lastGrant && ACQUIRABLE(n, g) -> \
      acquire(n, g); printf("%c acquires by grant %d\n", 65 + n, g); check() } \
  :: d_step { !calm && up[n] && g <= lastGrant && g != record[n] && IS_NEWS(n, g) -> \
      learn(n, g); printf("%c is shown grant %d\n", 65 + n, g); check() }

proctype Network(byte n) {
end_network:
  do
  ARRIVES(1)
  ARRIVES(2)
  ARRIVES(3)
#if GRANTS > 3
  ARRIVES(4)
#endif
#if GRANTS > 4
  ARRIVES(5)
#endif
#ifdef FAULT_GRANT_UNCHECKED
  /* A liar's grant. In the sound model it is refused, and a refusal changes nothing. */
  :: d_step { !calm && up[n] && REPLICA(n) && MAY_SIGN ->
      sign(record[n], record[n], n, data[n]);
      acquire(n, lastGrant);
      printf("%c acquires by a forged grant\n", 65 + n); check() }
#endif
  od
}

inline forgetSaved(n) {
  saved[n] = 0;
  stateSaved[n] = none;
  recordSaved[n] = NO_GRANT;
  dataSaved[n] = 0;
  setAsideSaved[n] = 0;
  seenSaved[n] = NO_GRANT
}

inline restorePool(n) {
  rolledBack = rolledBack | ((setAside[n] | (REPLICA(n) -> 0 : data[n])) & ~(dataSaved[n] | setAsideSaved[n]));
  state[n] = stateSaved[n];
  record[n] = recordSaved[n];
  data[n] = dataSaved[n];
  setAside[n] = setAsideSaved[n]
}

proctype Faults(byte n) {
end_faults:
  do
  :: d_step { !calm && up[n] ->
      up[n] = 0; forgetRun(n); printf("%c's daemon is killed\n", 65 + n); check() }
  :: d_step { !calm && (up[n] || mounted[n]) ->
      up[n] = 0; fence(n); printf("%c crashes\n", 65 + n); check() }
  :: d_step { !calm && !saved[n] && saves < RESTORES ->
      saves++;
      saved[n] = 1;
      stateSaved[n] = state[n];
      recordSaved[n] = record[n];
      dataSaved[n] = data[n];
      setAsideSaved[n] = setAside[n];
      seenSaved[n] = seen[n];
      printf("%c's disks are saved\n", 65 + n) }
  :: d_step { !calm && saved[n] && !up[n] && !mounted[n] ->
      harmed = 1; restorePool(n); forgetSaved(n); printf("%c's pool is restored\n", 65 + n); check() }
  :: d_step { !calm && saved[n] && !up[n] ->
      harmed = 1; seen[n] = seenSaved[n]; forgetSaved(n); printf("%c's state is restored\n", 65 + n); check() }
  :: d_step { !calm && saved[n] && !up[n] && !mounted[n] ->
      harmed = 1; restorePool(n); seen[n] = seenSaved[n]; forgetSaved(n);
      printf("%c's pool and state are restored\n", 65 + n); check() }
  od
}

#define CANNOT_WRITE(n) (!mounted[n] && !cleared[n])
#define GOES_ON(n) (OWNER(n) || state[n] == released)

proctype Operator(byte n) {
end_operator:
  do
  :: d_step { !calm && choices < CHOICES && MAY_SIGN && up[n] && HAS_COPY(n) && !mounted[n] && CANNOT_WRITE(OTHER(n)) ->
      choices++; takeOver(n, 1); printf("%c takes over, %c is fenced\n", 65 + n, 65 + OTHER(n)); check() }
  :: d_step { !calm && choices < CHOICES && MAY_SIGN && REACHED(n) && HAS_COPY(n) && !OWNER(n) ->
      choices++; takeOver(n, 0); printf("%c takes over, %c is asked\n", 65 + n, 65 + OTHER(n)); check() }
  :: d_step { !calm && choices < CHOICES && up[n] && state[n] == superseded ->
      choices++; putAside(n); printf("%c puts its copy aside\n", 65 + n); check() }

  /* In the calm: only what is needed, and never after crashes alone. */
  :: d_step { calm && up[n] && dead == OTHER(n) && HAS_COPY(n) && !(OWNER(n) && (mounted[n] || cleared[n])) ->
      assert(MAY_SIGN); takeOver(n, 1); printf("%c takes over, %c is dead\n", 65 + n, 65 + OTHER(n)); check() }
  :: d_step { calm && REACHED(n) && dead == NOBODY && state[n] == superseded && GOES_ON(OTHER(n)) ->
      assert(harmed); putAside(n); printf("%c puts its copy aside\n", 65 + n); check() }
  :: d_step { calm && REACHED(n) && dead == NOBODY && HAS_COPY(n) && !GOES_ON(n) && !GOES_ON(OTHER(n)) &&
        (n == favourite || !HAS_COPY(OTHER(n))) ->
      assert(harmed); assert(MAY_SIGN); takeOver(n, 0); printf("%c is kept\n", 65 + n); check() }
  od
}

/* The end of the calm: one writer, and every write is at the owner, named as lost, or kept. Where no
   living node has a copy there is none. */
#define KEPT(n) (setAside[n] | (state[n] == superseded || state[n] == contested || dead == (n) -> data[n] : 0))
#define WRITES_ALONE(n) (up[n] && mounted[n] && OWNER(n) \
  && (dead != NOBODY || state[OTHER(n)] == none || REPLICA(OTHER(n))) \
  && WITHIN(acknowledged, data[n] | setAside[n] | KEPT(OTHER(n)) | namedLost | rolledBack))
#define NO_COPY(n) (!HAS_COPY(n) || dead == (n))

init {
  atomic {
    grants[NO_GRANT].to = NOBODY;
    run Node(A); run Node(B);
    run Network(A); run Network(B);
    run Faults(A); run Faults(B);
    run Operator(A); run Operator(B)
  }
end_before:
  atomic {
    if
    :: dead = NOBODY; favourite = A
    :: dead = NOBODY; favourite = B
    :: dead = A; favourite = B
    :: dead = B; favourite = A
    fi;
    d_step {
      calm = 1;
      printf("calm; dead %d, favourite %d\n", dead, favourite);
      /* Both daemons are started once more, which is always possible. */
      up[A] = 0; forgetRun(A);
      up[B] = 0; forgetRun(B);
      if
      :: dead != NOBODY -> mounted[dead] = 0
      :: else
      fi;
      forgetSaved(A); forgetSaved(B);
      saves = RESTORES; choices = CHOICES
    }
  }
  /* Who waits here when nothing else can happen is an invalid end state. */
  (WRITES_ALONE(A) || WRITES_ALONE(B) || NO_COPY(A) && NO_COPY(B))
}
