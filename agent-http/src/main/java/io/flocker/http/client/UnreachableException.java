package io.flocker.http.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** No answer of a flockerd came: what was asked may or may not have happened. */
public final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message) {
    super(message);
  }

  UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Says in one sentence why {@code node} was not reached, and what to look at. */
  static UnreachableException of(URI node, Throwable cause) {
    String why =
        switch (cause) {
          case HttpConnectTimeoutException _ ->
              "takes no connection in time; check the address and the network";
          case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
              "has a host name that nobody knows; check --url";
          case ConnectException _ -> "refuses the connection; check that flockerd runs there";
          case SSLException e ->
              "fails the TLS handshake (" + e.getMessage() + "); check --ca, --cert and --key";
          default -> "broke off (" + cause + ")";
        };
    return new UnreachableException(node + " " + why, cause);
  }
}
