import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { foldAt } from "./robinFolding";
import { robin } from "./robinLanguage";

function folded(text: string, line: number): string | undefined {
  const state = EditorState.create({ doc: text, extensions: [robin] });
  const range = foldAt(state, state.doc.line(line).from);
  return range === null ? undefined : state.sliceDoc(range.from, range.to);
}

const NESTED = "LOOP I FROM 1 TO 3 STEP 1\n    IF I = 2 THEN\n        SET A TO I\n    ELSE\n        WAIT 1\n    END\nEND\nSET B TO 1\n";

describe("folding", () => {
  it("takes what stands between a block's ends", () => {
    expect(folded(NESTED, 1)).toBe("\n    IF I = 2 THEN\n        SET A TO I\n    ELSE\n        WAIT 1\n    END");
    expect(folded(NESTED, 2)).toBe("\n        SET A TO I\n    ELSE\n        WAIT 1");
  });

  it("leaves alone what opens nothing, holds nothing or never ends", () => {
    expect(folded(NESTED, 3)).toBeUndefined();
    expect(folded("IF A = 1 THEN\nEND\n", 1)).toBeUndefined();
    expect(folded("SET A TO 1\nIF A = 1 THEN", 2)).toBeUndefined();
    expect(folded("LOOP I FROM 1 TO 3 STEP 1\nWAIT 1\n", 1)).toBeUndefined();
  });

  it("pairs regions with regions", () => {
    expect(folded("**REGION One\nLOOP I FROM 1 TO 3 STEP 1\nWAIT 1\nEND\n**ENDREGION\n", 1)).toBe("\nLOOP I FROM 1 TO 3 STEP 1\nWAIT 1\nEND");
  });

  it("does not take the words of a text for ends", () => {
    const text = "IF A = 1 THEN\n    SET B TO $'''first\nEND\nlast'''\nEND\n";
    expect(folded(text, 1)).toBe("\n    SET B TO $'''first\nEND\nlast'''");
  });

  it("knows error handling and disabled blocks", () => {
    expect(folded("ON ERROR\n    CALL Other\nEND\n", 1)).toBe("\n    CALL Other");
    expect(folded("DISABLE LOOP I FROM 1 TO 3 STEP 1\nWAIT 1\nDISABLE END\n", 1)).toBe("\nWAIT 1");
  });
});

