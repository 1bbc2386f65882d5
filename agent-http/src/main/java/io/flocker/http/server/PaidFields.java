package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.net.SharedBudget;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.util.function.Supplier;

/**
 * The fields of a head, or the trailers: counted, and paid for before they are kept, since an empty
 * field takes a hundred times its three bytes of the heap. One thread.
 */
final class PaidFields extends DefaultHttpHeaders {
  /** Several times what browsers, proxies and our own clients send. */
  static final int MOST = 100;

  /** Entries and texts that a field takes beside its characters, here and in the map of a head. */
  private static final int BYTES_A_FIELD = 256;

  /** A name is kept as it came and in lower case. */
  private static final int TIMES_KEPT = 2;

  /** What is paid for at once, so that a usual head is paid for once. */
  private static final int STEP = 2 * 1024;

  private final SharedBudget.Payment payment;
  private int count;
  private long cost;
  private long paid;

  private PaidFields(SharedBudget.Payment payment, DefaultHttpHeadersFactory rules) {
    super(rules.getNameValidator(), rules.getValueValidator());
    this.payment = payment;
  }

  /** Pays for characters beside the fields. */
  void pay(long characters) {
    cost += characters;
    if (cost > paid) {
      long step = Math.max(STEP, cost - paid);
      try {
        payment.pay(step);
      } catch (FailureException e) {
        throw new RefusedHead(e);
      }
      paid += step;
    }
  }

  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    count++;
    if (count > MOST) {
      throw new RefusedHead(
          RequestFailure.HEADERS_TOO_LARGE.because(
              "A request may have " + MOST + " header fields."));
    }
    pay(BYTES_A_FIELD + (long) TIMES_KEPT * name.length() + value.toString().length());
    return super.add(name, value);
  }

  /** Makes the fields of one message after the other, and has the payment for the last ones. */
  static final class Source implements HttpHeadersFactory {
    private final Supplier<SharedBudget.Payment> payments;
    private final DefaultHttpHeadersFactory rules;
    private SharedBudget.Payment payment;

    Source(Supplier<SharedBudget.Payment> payments, DefaultHttpHeadersFactory rules) {
      this.payments = payments;
      this.rules = rules;
      this.payment = payments.get();
    }

    @Override
    public HttpHeaders newHeaders() {
      payment.close();
      return new PaidFields(payment, rules);
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
      return newHeaders();
    }

    /** Hands over what the last fields have cost; whoever takes it closes it. */
    SharedBudget.Payment takePayment() {
      SharedBudget.Payment taken = payment;
      payment = payments.get();
      return taken;
    }

    /** The last fields are kept no longer. */
    void release() {
      payment.close();
    }
  }
}
