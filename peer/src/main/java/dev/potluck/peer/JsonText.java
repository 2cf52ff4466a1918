package dev.potluck.peer;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON text to and from documents, token by token: in a command that lives for a moment, setting
/// up an object mapper would take longer than the rest. Documents are what JSON knows: maps, lists,
/// text, numbers, truth values, null, and nodes of these. Thread-safe.
public final class JsonText {
  private static final JsonFactory TOKENS = new JsonFactory();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonText() {}

  /// The text of a document, on one line.
  ///
  /// @throws IllegalArgumentException if something in it is not what JSON knows
  public static String of(Object document) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = TOKENS.createGenerator(ObjectWriteContext.empty(), text)) {
      write(document, out);
    }
    return text.toString();
  }

  static byte[] line(Object document) {
    return (of(document) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// @throws tools.jackson.core.JacksonException if the text is not one document
  static JsonNode document(byte[] text) {
    try (JsonParser in = TOKENS.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = in.nextToken();
      JsonNode document = node(in, first);
      if (in.nextToken() != null) {
        throw new StreamReadException(in, "more than one document");
      }
      return document;
    }
  }

  private static void write(@Nullable Object value, JsonGenerator out) {
    switch (value) {
      case null -> out.writeNull();
      case JsonNode node -> write(node, out);
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (name, inner) -> {
              out.writeName(String.valueOf(name));
              write(inner, out);
            });
        out.writeEndObject();
      }
      case Iterable<?> list -> {
        out.writeStartArray();
        list.forEach(inner -> write(inner, out));
        out.writeEndArray();
      }
      case CharSequence text -> out.writeString(text.toString());
      case Boolean truth -> out.writeBoolean(truth);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      default -> throw new IllegalArgumentException("not for JSON: " + value.getClass());
    }
  }

  private static void write(JsonNode node, JsonGenerator out) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        out.writeStartObject();
        node.forEachEntry(
            (name, inner) -> {
              out.writeName(name);
              write(inner, out);
            });
        out.writeEndObject();
      }
      case ARRAY -> {
        out.writeStartArray();
        node.forEach(inner -> write(inner, out));
        out.writeEndArray();
      }
      case STRING -> out.writeString(node.stringValue());
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      case NUMBER -> {
        if (node.isIntegralNumber()) {
          out.writeNumber(node.bigIntegerValue());
        } else {
          out.writeNumber(node.doubleValue());
        }
      }
      case NULL -> out.writeNull();
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("not for JSON: " + node.getNodeType());
    }
  }

  private static JsonNode node(JsonParser in, @Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
          object.set(name, node(in, in.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
          array.add(node(in, t));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.stringNode(in.getString());
      case VALUE_NUMBER_INT ->
          switch (in.getNumberType()) {
            case INT -> NODES.numberNode(in.getIntValue());
            case LONG -> NODES.numberNode(in.getLongValue());
            default -> NODES.numberNode(in.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case null, default -> throw new StreamReadException(in, "not a document: " + token);
    };
  }
}
