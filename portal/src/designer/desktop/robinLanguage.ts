/** The colours of Robin. What a text means the server says; this knows words, texts and comments. */
import { StreamLanguage, type StringStream } from "@codemirror/language";

const WORDS = new Set(
  ("ALL AND AS BLOCK CALL CASE DEFAULT DISABLE ELSE END ERROR EXIT FOR FOREACH FROM FUNCTION GLOBAL GOTO IF IMPORT IN LABEL LOCAL LOOP MOD NEXT " +
    "NOT ON OR REPEAT SET STEP SWITCH THEN THROW TIMES TO WAIT WHILE XOR ACTION OUTPUT INPUT").split(" "),
);

interface Inside {
  until: "'''" | "#/" | null;
}

function token(stream: StringStream, state: Inside): string | null {
  if (state.until !== null) return within(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match("/#")) {
    state.until = "#/";
    return within(stream, state);
  }
  if (stream.match("#") || stream.match(/^\*\*(END)?REGION/)) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match(/^@@?\w+/)) return "meta";
  if (stream.match(/^\$?'''/)) {
    state.until = "'''";
    return within(stream, state);
  }
  if (stream.match(/^(\$fx|P)?'(?:[^'\\]|\\.)*'?/)) return "string";
  if (stream.match(/^\d+(\.\d+)?/)) return "number";
  if (stream.match(/^(True|False)\b/)) return "bool";
  if (stream.match(/^[A-Za-z_]\w*(\.\w+)+/)) return "typeName";
  if (stream.match(/^[A-Za-z_]\w*(?=\s*(:|=>))/)) return "propertyName";
  if (stream.match(/^[^\W\d]\w*/u)) return WORDS.has(stream.current().toUpperCase()) ? "keyword" : "variableName";
  stream.next();
  return null;
}

function within(stream: StringStream, state: Inside): string {
  const style = state.until === "#/" ? "comment" : "string";
  while (!stream.eol()) {
    if (style === "string" && stream.match(/^\\./)) continue;
    if (state.until !== null && stream.match(state.until)) {
      state.until = null;
      break;
    }
    stream.next();
  }
  return style;
}

export const robin = StreamLanguage.define<Inside>({
  name: "robin",
  startState: () => ({ until: null }),
  copyState: (state) => ({ ...state }),
  token,
  languageData: { commentTokens: { line: "#", block: { open: "/#", close: "#/" } } },
});
