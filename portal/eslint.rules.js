/** Rules of our own. */

/** What the browser shows or speaks as it is, so that hidden letters in it would hide. */
const EVERYWHERE = new Set(["aria-label", "aria-description", "aria-roledescription"]);
/** Those that components of ours take too, and then show themselves. */
const OF_ELEMENTS = new Set(["title", "placeholder", "alt"]);
/** What returns texts in which nothing hides. */
const SAFE_CALLS = new Set(["t", "visible", "spoken"]);

/** The members of the objects that an expression may be. */
function membersOf(node) {
  if (node.type === "ConditionalExpression") return [...membersOf(node.consequent), ...membersOf(node.alternate)];
  if (node.type === "LogicalExpression") return [...membersOf(node.left), ...membersOf(node.right)];
  return node.type === "ObjectExpression" ? node.properties.filter((one) => one.type === "Property") : [];
}

/** Texts of people reach attributes by `spoken()`, or as values of `t()`. */
export const visibleAttributes = {
  meta: {
    type: "problem",
    fixable: "code",
    schema: [],
    messages: { raw: "what people wrote reaches {{name}} by spoken()" },
  },
  create(context) {
    const definitionOf = (identifier) => {
      for (let scope = context.sourceCode.getScope(identifier); scope !== null; scope = scope.upper) {
        const found = scope.set.get(identifier.name);
        if (found !== undefined) return found.defs[0];
      }
      return undefined;
    };
    const isSafe = (node) => {
      switch (node.type) {
        case "Literal":
          return true;
        case "JSXExpressionContainer":
          return isSafe(node.expression);
        case "CallExpression":
          return node.callee.type === "Identifier" && SAFE_CALLS.has(node.callee.name);
        case "TemplateLiteral":
          return node.expressions.every(isSafe);
        case "ConditionalExpression":
          return isSafe(node.consequent) && isSafe(node.alternate);
        case "LogicalExpression":
          return isSafe(node.left) && isSafe(node.right);
        case "Identifier": {
          if (node.name === "undefined") return true;
          const definition = definitionOf(node);
          const isConstant = definition?.type === "Variable" && definition.parent.kind === "const" && definition.node.id.type === "Identifier";
          return isConstant && definition.node.init !== null && isSafe(definition.node.init);
        }
        default:
          return false;
      }
    };
    const isOurs = (element) => {
      if (element.type !== "JSXIdentifier" || /^[a-z]/.test(element.name)) return false;
      const definition = definitionOf(element);
      return definition?.type !== "ImportBinding" || /^[@.]\//.test(definition.parent.source.value);
    };
    const check = (name, value) => {
      if (value === null || isSafe(value)) return;
      const shown = value.type === "JSXExpressionContainer" ? value.expression : value;
      context.report({ node: shown, messageId: "raw", data: { name }, fix: (fixer) => [fixer.insertTextBefore(shown, "spoken("), fixer.insertTextAfter(shown, ")")] });
    };
    return {
      JSXAttribute(node) {
        const name = node.name.name;
        if (EVERYWHERE.has(name) || (OF_ELEMENTS.has(name) && !isOurs(node.parent.name))) check(name, node.value);
      },
      JSXSpreadAttribute(node) {
        if (isOurs(node.parent.name)) return;
        for (const { key, value } of membersOf(node.argument)) if (OF_ELEMENTS.has(key.name ?? key.value)) check(key.name ?? key.value, value);
      },
      Property(node) {
        if (node.key.type === "Literal" && EVERYWHERE.has(node.key.value)) check(node.key.value, node.value);
      },
    };
  },
};
