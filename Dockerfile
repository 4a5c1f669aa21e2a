# The image runs the Node of its base, so the project's own (an optional dependency, like the embedded PostgreSQL) stays
# out: here DATABASE_URL is set. No native module is left, but the C library is the one the tests run on.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /castellan
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund
COPY tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY apps apps
COPY libs libs
COPY test test
RUN node apps/cli/prepare.mjs build \
  && rm -rf dist/test dist/*.tsbuildinfo && find dist -name '*.spec.js*' -delete

FROM ${NODE_IMAGE} AS packages
WORKDIR /castellan
COPY package.json package-lock.json ./
# Prisma brings its query compiler for every database it knows; this server speaks to one.
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund \
  && find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name 'query_compiler_small_bg.postgresql.*' -delete

FROM ${NODE_IMAGE}
WORKDIR /castellan
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY package.json ./
COPY --from=packages /castellan/node_modules node_modules
COPY --from=build /castellan/dist dist
# What `castellan migrate` applies.
COPY prisma prisma
# A number, so that an orchestrator can see that it is not root; nothing in the image belongs to it.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--no-parallel-scavenge", "--no-allocation-site-pretenuring", "--no-memory-reducer", "--heap-growing-percent=25", "--wasm-tiering-budget=100000000", "dist/apps/api/src/main.js"]
