/** Calls `check(node, specifier)` for every way in which a module can name another one. */
export function onEachImport(check) {
  const checkLiteral = (node) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') check(node, node.value);
  };
  return {
    ImportDeclaration: (node) => checkLiteral(node.source),
    ExportNamedDeclaration: (node) => checkLiteral(node.source),
    ExportAllDeclaration: (node) => checkLiteral(node.source),
    ImportExpression: (node) => checkLiteral(node.source),
    TSImportType: (node) => checkLiteral(node.source ?? node.argument?.literal),
    TSExternalModuleReference: (node) => checkLiteral(node.expression),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') checkLiteral(node.arguments[0]);
    },
  };
}
