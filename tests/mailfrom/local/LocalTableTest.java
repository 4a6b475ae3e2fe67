package mailfrom.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalTableTest {
  private final FaultPlan faults = new FaultPlan();
  private LocalTable table;
  private DynamoDbClient client;

  @BeforeAll
  void start() {
    table = new LocalTable("mailfrom", 0, faults, Duration.ofMillis(200));
    client = table.client();
  }

  @AfterAll
  void stop() {
    client.close();
    table.close();
  }

  private void put(String pk) {
    client.putItem(
        put ->
            put.tableName("mailfrom")
                .item(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS("s"))));
  }

  private boolean has(String pk) {
    return client
        .getItem(
            get ->
                get.tableName("mailfrom")
                    .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS("s"))))
        .hasItem();
  }

  @Test
  void keepsRowsAndKnowsTheTimeToLive() {
    put("kept");
    assertTrue(has("kept"));
    assertEquals(
        TimeToLiveStatus.ENABLED,
        client
            .describeTimeToLive(ttl -> ttl.tableName("mailfrom"))
            .timeToLiveDescription()
            .timeToLiveStatus());
  }

  @Test
  void throttlingRefusesWithoutEffect() {
    faults.add(FaultPlan.Service.TABLE, "PutItem", FaultPlan.Kind.THROTTLING, 1);
    assertThrows(ProvisionedThroughputExceededException.class, () -> put("throttled"));
    assertFalse(has("throttled"));
  }

  @Test
  void aFailureBeforeHasNoEffect() {
    faults.add(FaultPlan.Service.TABLE, "PutItem", FaultPlan.Kind.FAIL_BEFORE, 1);
    assertThrows(InternalServerErrorException.class, () -> put("before"));
    assertFalse(has("before"));
  }

  @Test
  void aFailureAfterHasTakenEffect() {
    faults.add(FaultPlan.Service.TABLE, "PutItem", FaultPlan.Kind.FAIL_AFTER, 1);
    assertThrows(InternalServerErrorException.class, () -> put("after"));
    assertTrue(has("after"));
  }

  @Test
  void aTimeoutHoldsTheCallAndClosesWithoutEffect() {
    faults.add(FaultPlan.Service.TABLE, "PutItem", FaultPlan.Kind.TIMEOUT, 1);
    assertThrows(SdkClientException.class, () -> put("timeout"));
    assertFalse(has("timeout"));
  }

  @Test
  void listensOn127001Only() throws SocketException {
    List<String> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .map(address -> new InetSocketAddress(address, table.url().getPort()))
            .filter(LocalTableTest::answers)
            .map(InetSocketAddress::toString)
            .toList();
    assertEquals(List.of(), others);
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
