import globals from "globals";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { visibleAttributes } from "./eslint.rules.js";

/** Imports go down: pages → designer → designer/model → api; components know neither pages nor designers. */
const forbid = (files, patterns, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group: patterns, message }] }] },
});

export default tseslint.config(
  { ignores: ["src/api/*.generated.ts"] },
  ...tseslint.configs.strict,
  {
    languageOptions: { globals: globals.browser },
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
    },
  },
  forbid(["src/api/**"], ["@/app/*", "@/components/*", "@/pages/*", "@/designer/*"], "api imports nothing above it"),
  forbid(
    ["src/designer/model/**"],
    ["react", "react-dom", "@fluentui/*", "@/app/*", "@/components/*", "@/pages/*", "@/designer/cloud/*", "@/designer/desktop/*"],
    "the model is pure TypeScript",
  ),
  forbid(["src/components/**"], ["@/pages/*", "@/designer/*"], "components know neither pages nor designers"),
  forbid(["src/designer/**"], ["@/pages/*"], "designers do not know pages"),
  {
    files: ["src/**/*.tsx"],
    plugins: { deskhand: { rules: { "visible-attributes": visibleAttributes } } },
    rules: { "deskhand/visible-attributes": "error" },
  },
  {
    files: ["src/**/*.tsx"],
    ignores: ["src/components/UserText.tsx"],
    rules: { "no-restricted-syntax": ["error", { selector: "JSXIdentifier[name='bdi']", message: "what people wrote is shown by UserText" }] },
  },
);
