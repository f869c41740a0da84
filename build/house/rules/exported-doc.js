function namesOf(declaration) {
  if (declaration.type !== 'VariableDeclaration') return [declaration.id?.name];
  return declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : undefined));
}

/** Asks for a doc comment on every exported name; a type and a token that share a name share the comment. */
export const exportedDocRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: "Exported '{{name}}' needs a doc comment: one sentence that says what it is for." },
  },
  create(context) {
    const exported = new Map();
    const documented = new Set();
    return {
      'Program > ExportNamedDeclaration[declaration]'(node) {
        // a comment above a decorated class stands before its first decorator
        const comments = context.sourceCode.getCommentsBefore(node.declaration.decorators?.[0] ?? node);
        const isDocumented = comments.some(({ type, value }) => type === 'Block' && value.startsWith('*'));
        for (const name of namesOf(node.declaration)) {
          if (name === undefined) continue;
          if (isDocumented) documented.add(name);
          else if (!exported.has(name)) exported.set(name, node);
        }
      },
      'Program:exit'() {
        for (const [name, node] of exported) {
          if (!documented.has(name)) context.report({ node, messageId: 'missing', data: { name } });
        }
      },
    };
  },
};
