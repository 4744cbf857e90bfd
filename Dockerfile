# An image of one app, for those who have a container engine:
#   docker build --build-arg APP=quote --tag quotebridge/quote:0.1.0 .
# of another version than package.json has with --build-arg RELEASE=0.2.0-rc.1.
# `npm run images` makes the same of all apps without an engine.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY . .
RUN node tools/build.mjs
ARG APP
ARG RELEASE=
RUN test -n "$APP" && node tools/images/main.mjs --stage /out ${RELEASE:+--release "$RELEASE"} "$APP"

# No shell and no package manager: Node.js, what it loads, and the app.
FROM scratch
COPY --from=build /out/shared /
COPY --from=build /out/own /
ENV PATH=/usr/bin NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=8
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["node", "--single-threaded-gc", "--no-incremental-marking", "main.js"]
