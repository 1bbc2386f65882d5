package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.server.BodyBudget.Payment;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private final BodyBudget budget = new BodyBudget(100, 60);

  @Test
  void leavesToOthersWhatOneCallerMayNotTake() throws Exception {
    budget.begin("alice").pay(60);

    refused(budget.begin("alice"), 1);
    budget.begin("bob").pay(40);
    refused(budget.begin("carol"), 1);
    assertEquals(100, budget.taken());
  }

  @Test
  void hasAgainWhatWasGivenBack() throws Exception {
    Payment first = budget.begin("alice");
    first.pay(40);
    first.pay(20);
    first.giveBack(10);
    assertEquals(50, budget.taken());

    first.close();
    first.close();

    assertEquals(0, budget.taken());
    budget.begin("alice").pay(60);
  }

  @Test
  void takesNothingForWhatItRefuses() throws Exception {
    try (Payment payment = budget.begin("alice")) {
      payment.pay(50);
      refused(payment, 20);
    }

    assertEquals(0, budget.taken());
  }

  private static void refused(Payment payment, long bytes) {
    FailureException failure = assertThrows(FailureException.class, () -> payment.pay(bytes));
    assertEquals(RequestFailure.NO_ROOM_FOR_BODY, failure.failure());
  }
}
