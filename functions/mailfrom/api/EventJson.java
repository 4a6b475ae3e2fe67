package mailfrom.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import mailfrom.api.request.Request;
import org.jspecify.annotations.Nullable;

/**
 * Events and answers as the JSON that Lambda hands over and takes. Reads what a {@link Request} is
 * made of, and passes the rest over.
 *
 * <p>By hand: Lambda's own reader of events loads more than five hundred classes at each start. The
 * event's class is still the one of Lambda Events, since the handler is one that any other reader
 * of events can call (the runtime's, a test, the local cloud); a {@link Request} is made of it.
 */
final class EventJson {
  private static final JsonFactory JSON = new JsonFactory();

  private EventJson() {}

  static APIGatewayV2HTTPEvent read(InputStream json) throws IOException {
    APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      fields(
          parser,
          name -> {
            switch (name) {
              case "rawPath" -> event.setRawPath(text(parser));
              case "rawQueryString" -> event.setRawQueryString(text(parser));
              case "headers" -> event.setHeaders(texts(parser));
              case "queryStringParameters" -> event.setQueryStringParameters(texts(parser));
              case "body" -> event.setBody(text(parser));
              case "isBase64Encoded" -> event.setIsBase64Encoded(parser.getValueAsBoolean());
              case "requestContext" -> event.setRequestContext(context(parser));
              default -> parser.skipChildren();
            }
          });
    }
    return event;
  }

  private static APIGatewayV2HTTPEvent.RequestContext context(JsonParser parser)
      throws IOException {
    APIGatewayV2HTTPEvent.RequestContext context = new APIGatewayV2HTTPEvent.RequestContext();
    fields(
        parser,
        name -> {
          switch (name) {
            case "requestId" -> context.setRequestId(text(parser));
            case "timeEpoch" -> context.setTimeEpoch(parser.getValueAsLong());
            case "http" -> {
              var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
              field(parser, "method", http::setMethod);
              context.setHttp(http);
            }
            case "authorizer" -> {
              var authorizer = new APIGatewayV2HTTPEvent.RequestContext.Authorizer();
              fields(
                  parser,
                  kind -> {
                    if (kind.equals("iam")) {
                      var iam = new APIGatewayV2HTTPEvent.RequestContext.IAM();
                      field(parser, "userArn", iam::setUserArn);
                      authorizer.setIam(iam);
                    } else {
                      parser.skipChildren();
                    }
                  });
              context.setAuthorizer(authorizer);
            }
            default -> parser.skipChildren();
          }
        });
    return context;
  }

  static void write(APIGatewayV2HTTPResponse answer, OutputStream json) throws IOException {
    try (JsonGenerator generator = JSON.createGenerator(json)) {
      generator.writeStartObject();
      generator.writeNumberField("statusCode", answer.getStatusCode());
      generator.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : answer.getHeaders().entrySet()) {
        generator.writeStringField(header.getKey(), header.getValue());
      }
      generator.writeEndObject();
      generator.writeStringField("body", answer.getBody());
      generator.writeBooleanField("isBase64Encoded", answer.getIsBase64Encoded());
      generator.writeEndObject();
    }
  }

  private interface Field {
    /** Takes the value of a field, at which the parser is. */
    void value(String name) throws IOException;
  }

  private interface Text {
    void is(@Nullable String text);
  }

  /** Goes through the fields of an object; anything else has none. */
  private static void fields(JsonParser parser, Field field) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      field.value(name);
    }
  }

  private static void field(JsonParser parser, String wanted, Text text) throws IOException {
    fields(
        parser,
        name -> {
          if (name.equals(wanted)) {
            text.is(text(parser));
          } else {
            parser.skipChildren();
          }
        });
  }

  private static @Nullable Map<String, String> texts(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    Map<String, String> texts = new HashMap<>();
    fields(parser, name -> texts.put(name, text(parser)));
    return texts;
  }

  private static @Nullable String text(JsonParser parser) throws IOException {
    String text = parser.getValueAsString();
    parser.skipChildren();
    return text;
  }
}
