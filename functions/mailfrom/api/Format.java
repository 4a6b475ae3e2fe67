package mailfrom.api;

import java.util.List;
import java.util.stream.Stream;

/** What an answer is written as: a header Accept chooses among several. */
sealed interface Format {
  String mediaType();

  /** The fleet as data. */
  enum Data implements Format {
    JSON("application/json"),
    CSV("text/csv");

    private final String mediaType;

    Data(String mediaType) {
      this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
      return mediaType;
    }
  }

  /** DNS records for whoever owns the zone: to send on, or as a fragment of a zone file. */
  enum Records implements Format {
    TEXT("text/plain"),
    ZONE_FILE("text/dns");

    private final String mediaType;

    Records(String mediaType) {
      this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
      return mediaType;
    }
  }

  /** Of the records of one identity; what is answered without a word first, as below. */
  List<Records> OF_RECORDS = List.of(Records.values());

  /** Of the fleet. */
  List<Format> OF_FLEET =
      Stream.<Format>concat(Stream.of(Data.values()), OF_RECORDS.stream()).toList();
}
