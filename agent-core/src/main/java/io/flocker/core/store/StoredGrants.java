package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantBook;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.SignerCertificate;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables {@code volume_grant} and {@code signer}. */
public final class StoredGrants implements GrantBook {
  private final Database database;

  public StoredGrants(Database database) {
    this.database = database;
  }

  @Override
  public List<SignedGrant> of(VolumeId volume) throws FailureException {
    return database.read(statements -> {
      PreparedStatement select =
          statements.of(
              "SELECT volume_grant.*, certificate FROM volume_grant"
                  + " JOIN signer ON signer = fingerprint WHERE volume = ? ORDER BY epoch");
      select.setString(1, volume.toString());
      Map<String, SignerCertificate> signers = new HashMap<>();
      List<SignedGrant> grants = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          SignerCertificate signer =
              signers.computeIfAbsent(row.getString("certificate"), SignerCertificate::parse);
          grants.add(new SignedGrant(grant(row), signer, row.getString("signature")));
        }
      }
      return grants;
    });
  }

  @Override
  public void add(List<SignedGrant> grants) throws FailureException {
    int _ =
        database.write(statements -> {
          for (SignedGrant signed : grants) {
            add(statements, signed);
          }
          return grants.size();
        });
  }

  private static void add(Statements statements, SignedGrant signed) throws SQLException {
    String signer = signed.signer().fingerprint();
    PreparedStatement certificate =
        statements.of("INSERT INTO signer VALUES (?, ?) ON CONFLICT DO NOTHING");
    certificate.setString(1, signer);
    certificate.setString(2, signed.signer().pem());
    int _ = certificate.executeUpdate();
    Grant grant = signed.grant();
    PreparedStatement insert =
        statements.of("INSERT OR REPLACE INTO volume_grant VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.setString(1, grant.lineage().toString());
    insert.setLong(2, grant.epoch());
    insert.setString(3, grant.from().toString());
    insert.setString(4, grant.to().toString());
    insert.setString(5, grant.operation().toString());
    insert.setString(6, grant.finalSnapshot().toString());
    insert.setLong(7, grant.at().toEpochMilli());
    insert.setString(8, signer);
    insert.setString(9, signed.signature());
    int _ = insert.executeUpdate();
    PreparedStatement forget =
        statements.of("DELETE FROM volume_grant WHERE volume = ? AND epoch <= ?");
    forget.setString(1, grant.lineage().toString());
    forget.setLong(2, grant.epoch() - LONGEST);
    int _ = forget.executeUpdate();
  }

  private static Grant grant(ResultSet row) throws SQLException {
    return new Grant(
        VolumeId.parse(row.getString("volume")),
        row.getLong("epoch"),
        NodeId.parse(row.getString("giver")),
        NodeId.parse(row.getString("taker")),
        Uuids.parse("operation", row.getString("operation")),
        Guid.parse(row.getString("final_snapshot")),
        Instant.ofEpochMilli(row.getLong("at")));
  }
}
