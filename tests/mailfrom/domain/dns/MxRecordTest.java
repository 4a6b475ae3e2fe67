package mailfrom.domain.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts are those that SES wants, and of which Region. */
class MxRecordTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          feedback-smtp.us-east-1.amazonses.com      | us-east-1      | true
          feedback-smtp.us-gov-west-1.amazonses.com  | us-gov-west-1  | true
          feedback-smtp.xx-new-9.amazonses.com       | xx-new-9       | false
          feedback-smtp.amazonses.com                | -              | false
          feedback-smtp..amazonses.com               | -              | false
          feedback-smtp.us_east_1.amazonses.com      | -              | false
          feedback-smtp.us.east.1.amazonses.com      | -              | false
          feedback-smtp.US-EAST-1.amazonses.com      | -              | false
          feedback-smtp.us-east-1.amazonses.com.test | -              | false
          x.feedback-smtp.us-east-1.amazonses.com    | -              | false
          feedback-smtp-us-east-1.amazonses.com      | -              | false
          inbound-smtp.us-east-1.amazonaws.com       | -              | false
          """)
  void theRegionOfAFeedbackHost(String host, String region, boolean isKnown) {
    MxRecord record = new MxRecord(10, host);
    assertEquals(region, record.feedbackRegion().orElse(null));
    assertEquals(isKnown, record.isOfKnownRegion());
  }
}
