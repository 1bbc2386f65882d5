package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.net.SharedBudget.Payment;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedBudgetTest {
  private final SharedBudget budget = Budgets.heads(120);

  @Test
  void leavesToOthersWhatOneCallerMayNotTake() throws Exception {
    budget.begin("alice").pay(60);

    refused(RequestFailure.TOO_MANY_REQUESTS, budget.begin("alice"), 1);
    budget.begin("bob").pay(60);
    refused(RequestFailure.NODE_BUSY, budget.begin("carol"), 1);
    assertEquals(120, budget.taken());
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
      refused(RequestFailure.TOO_MANY_REQUESTS, payment, 20);
    }

    assertEquals(0, budget.taken());
  }

  @Test
  void followsWhatBecomesMoreAndLess() throws Exception {
    Payment payment = budget.begin("alice");
    for (long amount : List.of(50L, 20L, 20L, 60L)) {
      payment.payExactly(amount);
      assertEquals(amount, budget.taken());
    }
  }

  private static void refused(RequestFailure failure, Payment payment, long bytes) {
    FailureException refusal = assertThrows(FailureException.class, () -> payment.pay(bytes));
    assertEquals(failure, refusal.failure());
  }
}
