import { Linter } from "eslint";
import { expect, test } from "vitest";
import { visibleAttributes } from "./eslint.rules.js";

/** How many attributes of some lines may hold hidden letters. */
function found(code) {
  const config = {
    plugins: { deskhand: { rules: { "visible-attributes": visibleAttributes } } },
    rules: { "deskhand/visible-attributes": "error" },
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
  };
  return new Linter().verify(code, [config]).length;
}

test("texts of people in attributes are found", () => {
  expect(found("const a = ({ name }) => <p aria-label={name} />")).toBe(1);
  expect(found('const a = (one) => <p title={`${t("key")}: ${one.name}`} />')).toBe(1);
  expect(found('import { Input } from "@fluentui/react-components"; const a = (one) => <Input placeholder={one.name} />')).toBe(1);
  expect(found('const a = (one) => <p {...(one.name ? { title: one.name } : {})} />')).toBe(1);
  expect(found('const a = (one) => editor({ "aria-label": one.name })')).toBe(1);
});

test("texts of the catalogue, and what spoken() made of others, are not", () => {
  expect(found('const a = (one) => <p aria-label={t("key", { name: one.name })} title={spoken(one.name)} alt="Logo" />')).toBe(0);
  expect(found('const a = (one) => { const label = one.is ? t("key") : undefined; return <p aria-label={label} />; }')).toBe(0);
  expect(found('import { Panel } from "@/components/Panel"; const a = (one) => <Panel title={one.name} />')).toBe(0);
});
