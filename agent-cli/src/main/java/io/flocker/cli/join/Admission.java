package io.flocker.cli.join;

import io.flocker.cli.join.Invitee.Issued;
import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.ProvenKey;
import io.flocker.cli.join.JoinMessages.Request;
import io.flocker.core.pki.ForeignKey;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may join: one machine, and nobody after five wrong attempts. Any thread. */
final class Admission {
  private static final int MOST_WRONG = 5;

  private final JoinToken token;
  private final Invitee invitee;
  private int wrong;
  private boolean isClosed;
  private @Nullable Issued issued;

  Admission(JoinToken token, Invitee invitee) {
    this.token = token;
    this.invitee = invitee;
  }

  /**
   * The answer to one request.
   *
   * @throws IOException if the files of the authority cannot be read, or what is issued not kept
   */
  synchronized Answer answer(Request request) throws IOException {
    if (request.version() != JoinMessages.VERSION) {
      return Answer.refusal("the node that invites speaks another version; install the same one");
    }
    if (issued != null) {
      return Answer.refusal("this invitation has been used; ask for another one");
    }
    if (isClosed || isSpoiled()) {
      return Answer.refusal("this invitation is over; ask for another one");
    }
    if (!token.isSecret(request.secret())) {
      wrong++;
      return Answer.refusal("the secret is wrong");
    }
    Optional<ForeignKey> node = proven(request.node(), JoinMessages.NODE);
    Optional<ForeignKey> local = proven(request.local(), JoinMessages.LOCAL);
    if (node.isEmpty() || local.isEmpty()) {
      wrong++;
      return Answer.refusal("it was not shown that both keys are there");
    }
    issued = invitee.issue(node.get(), local.get());
    return new Answer(Optional.empty(), Optional.of(issued.membership()));
  }

  /** Whether there were so many wrong attempts that nobody is let in any more. */
  synchronized boolean isSpoiled() {
    return wrong >= MOST_WRONG;
  }

  /** Lets nobody in from now on; what was issued, if somebody had been let in before. */
  synchronized Optional<Issued> close() {
    isClosed = true;
    return Optional.ofNullable(issued);
  }

  private Optional<ForeignKey> proven(ProvenKey shown, String use) {
    try {
      ForeignKey key = ForeignKey.parse(shown.key());
      byte[] proof = Base64.getDecoder().decode(shown.proof());
      return key.hasSigned(token.proof(use, shown.key()), proof)
          ? Optional.of(key)
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
