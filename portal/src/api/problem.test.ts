import { expect, test } from "vitest";
import { problemOf } from "./problem";

async function read(message: string, status = 403) {
  return problemOf(new Response(JSON.stringify({ error: { code: "0x80040220", message } }), { status, headers: { "Deskhand-Error": "DH1202" } }));
}

test.each([
  [
    "Principal user (Id=1, type=8, roleCount=0, privilegeCount=0, accessMode=0) is missing prvReadWorkflow privilege (Id=2) on OTC=4703 for entity 'workflow'. context.Caller=1",
    "None of your roles allows this. An administrator can give you one that does; the privilege is called prvReadWorkflow.",
  ],
  ["SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: 1", "This belongs to somebody else, who has not shared it with you for that. Its owner or an administrator can."],
  ["The current password is wrong.", "The current password is wrong."],
])("what is refused is told in words", async (message, words) => {
  const problem = await read(message);
  expect([problem.message, problem.status, problem.code]).toEqual([words, 403, "DH1202"]);
  expect(problem.detail).toEqual({ error: { code: "0x80040220", message } });
});

test("an answer without words is told of by its status", async () => {
  const problem = await problemOf(new Response("<html>", { status: 502 }));
  expect(problem.message).toContain("502");
});
