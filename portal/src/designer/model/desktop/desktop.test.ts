import { describe, expect, it } from "vitest";
import { endOf, seen, whole } from "./blocks";
import { fromOutline, keyed, rowLines, subflowText, wholeText, type Document } from "./document";
import { addSubflow, duplicate, insert, move, paste, remove, step, toggleDisabled } from "./edits";
import { row } from "./testRows";

const ROWS = [
  row("SET A TO 1"),
  row("IF A = 1 THEN", 0, { opens: true }),
  row("SET B TO $'''one\ntwo'''", 1, { fixed: [1] }),
  row("ELSE", 0, { opens: true, branch: true }),
  row("SET C TO 3", 1),
  row("END", 0, { closes: true }),
  row("SET D TO 4"),
];

const document = (): Document => ({
  header: "@INPUT X",
  repository: "# [ControlRepository]",
  subflows: [
    { name: "Main", opening: "", rows: keyed(ROWS) },
    { name: "Other", opening: "FUNCTION Other GLOBAL", rows: keyed([row("SET E TO 5")]) },
  ],
});

const keysOf = (from: Document, ...places: number[]) => new Set(places.map((at) => from.subflows[0]?.rows[at]?.key ?? 0));
const texts = (from: Document) => from.subflows[0]?.rows.map((one) => `${"  ".repeat(one.depth)}${one.text.split("\n")[0] ?? ""}`);

describe("text", () => {
  it("is the rows with their indentation, but not within texts", () => {
    expect(wholeText(document()).text).toBe(
      [
        "@INPUT X",
        "SET A TO 1",
        "IF A = 1 THEN",
        "    SET B TO $'''one",
        "two'''",
        "ELSE",
        "    SET C TO 3",
        "END",
        "SET D TO 4",
        "FUNCTION Other GLOBAL",
        "    SET E TO 5",
        "END FUNCTION",
        "",
        "# [ControlRepository]",
        "",
      ].join("\n"),
    );
  });

  it("says where subflows and rows begin", () => {
    const whole = document();
    expect([...wholeText(whole).lines]).toEqual([
      ["Main", 1],
      ["Other", 11],
    ]);
    expect(whole.subflows[0] && rowLines(whole, whole.subflows[0])).toEqual([2, 3, 4, 6, 7, 8, 9]);
    expect(subflowText(whole, "Other")).toBe("SET E TO 5");
  });

  it("holds what is being typed in the place of its subflow", () => {
    expect(wholeText({ ...document(), repository: "" }, { subflow: "Main", text: "SET Z TO 1\n" }).text).toBe(
      "SET Z TO 1\nFUNCTION Other GLOBAL\n    SET E TO 5\nEND FUNCTION\n",
    );
  });
});

describe("blocks", () => {
  it("end with their END, branches before the next one", () => {
    const rows = keyed(ROWS);
    expect([0, 1, 3, 5].map((at) => endOf(rows, at))).toEqual([1, 6, 5, 6]);
  });

  it("are selected as a whole", () => {
    const whole1 = document();
    const rows = whole1.subflows[0]?.rows ?? [];
    expect(whole(rows, keysOf(whole1, 5))).toEqual([1, 2, 3, 4, 5]);
    expect(whole(rows, keysOf(whole1, 3))).toEqual([3, 4]);
  });

  it("hide their rows while they are folded", () => {
    const flow = document();
    const rows = flow.subflows[0]?.rows ?? [];
    expect(seen(rows, keysOf(flow, 1))).toEqual([0, 1, 3, 4, 5, 6]);
    expect(seen(rows, keysOf(flow, 1, 3))).toEqual([0, 1, 3, 5, 6]);
  });
});

describe("edits", () => {
  it("insert at the depth of the place", () => {
    const { document: next, keys } = insert(document(), { subflow: "Main", at: 2 }, keyed([row("SET N TO 0")]));
    expect(texts(next)?.slice(1, 4)).toEqual(["IF A = 1 THEN", "  SET N TO 0", "  SET B TO $'''one"]);
    expect(next.subflows[0]?.rows.map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(keys).toHaveLength(1);
  });

  it("move blocks as a whole and never into themselves", () => {
    const flow = document();
    const up = step(flow.subflows[0]?.rows ?? [], keysOf(flow, 1), false);
    expect(texts(move(flow, "Main", keysOf(flow, 1), up ?? -1))?.slice(0, 2)).toEqual(["IF A = 1 THEN", "  SET B TO $'''one"]);
    expect(move(flow, "Main", keysOf(flow, 1), 3)).toBe(flow);
  });

  it("move a row into a block and out of it", () => {
    const flow = document();
    const inside = move(flow, "Main", keysOf(flow, 0), 2);
    expect(texts(inside)?.slice(0, 2)).toEqual(["IF A = 1 THEN", "  SET A TO 1"]);
    expect(texts(move(inside, "Main", keysOf(inside, 1), 0))).toEqual(texts(flow));
  });

  it("remove and duplicate blocks as a whole", () => {
    const flow = document();
    expect(texts(remove(flow, "Main", keysOf(flow, 1)))).toEqual(["SET A TO 1", "SET D TO 4"]);
    expect(duplicate(flow, "Main", keysOf(flow, 5)).document.subflows[0]?.rows).toHaveLength(12);
  });

  it("disable rows below their annotations, and enable them again", () => {
    const flow: Document = { ...document(), subflows: [{ name: "Main", opening: "", rows: keyed([row("@@a: 'b'\nSET A TO 1")]) }] };
    const disabled = toggleDisabled(flow, "Main", keysOf(flow, 0));
    expect(disabled.subflows[0]?.rows[0]?.text).toBe("@@a: 'b'\nDISABLE SET A TO 1");
    expect(toggleDisabled(disabled, "Main", keysOf(disabled, 0)).subflows[0]?.rows[0]?.text).toBe("@@a: 'b'\nSET A TO 1");
  });

  it("add subflows", () => {
    expect(addSubflow(document(), "Third").subflows.at(-1)).toEqual({ name: "Third", opening: "FUNCTION Third GLOBAL", rows: [] });
  });
});

describe("pasting", () => {
  const copied = { readable: true, header: "", repository: "# [ControlRepository] joined", findings: [], variables: [], inputs: [], subflows: [{ name: "Main", opening: "", rows: [row("SET P TO 1")] }] };

  it("takes what the server joined of UI elements and images", () => {
    const pasted = paste(document(), { subflow: "Main", at: 0 }, copied, keyed(copied.subflows[0]?.rows ?? []));
    expect(pasted.document.repository).toBe("# [ControlRepository] joined");
    expect(pasted.document.subflows[0]?.rows[0]?.text).toBe("SET P TO 1");
    expect(pasted.keys).toEqual([pasted.document.subflows[0]?.rows[0]?.key]);
  });

  it("keeps what the flow has where nothing of the kind is pasted", () => {
    expect(paste(document(), { subflow: "Main", at: 0 }, { ...copied, repository: "" }, []).document.repository).toBe("# [ControlRepository]");
  });
});

describe("reading again", () => {
  it("keeps the keys of rows whose text stayed", () => {
    const before = document();
    const rows = [...ROWS.slice(0, 1), row("SET N TO 0"), ...ROWS.slice(1)];
    const outline = { readable: true, header: "", repository: "", findings: [], variables: [], inputs: [], subflows: [{ name: "Main", opening: "", rows }] };
    const after = fromOutline(outline, before);
    const keys = before.subflows[0]?.rows.map((one) => one.key) ?? [];
    expect(after.subflows[0]?.rows.map((one) => one.key).filter((key) => keys.includes(key))).toEqual(keys);
  });
});
