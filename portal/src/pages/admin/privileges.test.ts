import { expect, test } from "vitest";
import { byTable } from "./privileges";

test("privileges are read by table, and append to is not append", () => {
  expect(byTable({ prvReadworkflow: 4, prvAppendToflowsession: 1, prvAppendflowsession: 2, prvSomething: 1 })).toEqual([
    { table: "flowsession", depths: { AppendTo: 1, Append: 2 } },
    { table: "workflow", depths: { Read: 4 } },
  ]);
});
