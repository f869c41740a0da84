# Dogwatch with everything that its settings can ask for; docs/guides/deployment.md says how to run it.
ARG NODE=node:24.21.0-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY . .
RUN npm ci --no-progress && npm run build && npm prune --omit=dev --no-progress \
  && find packages examples -name dist-test -prune -exec rm -rf {} +

FROM ${NODE}
ENV NODE_ENV=production DOGWATCH_HOST=0.0.0.0 DOGWATCH_DATA=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/examples ./examples
RUN mkdir /data && chown node:node /data \
  && chmod +x packages/cli/dist/main.js && ln -s /app/packages/cli/dist/main.js /usr/local/bin/dogwatch
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.DOGWATCH_PORT || 8080}/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=1", "--optimize-for-size", "--v8-pool-size=1", "examples/homelab/dist/app.js"]
