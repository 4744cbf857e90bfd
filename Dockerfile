# An image of one app, for those who have a container engine:
#   docker build --build-arg APP=quote --tag quotebridge/quote:0.1.0 .
# of another version than package.json has with --build-arg RELEASE=0.2.0-rc.1.
# `npm run images` makes the same of all apps without an engine.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
ARG APP
ARG RELEASE=
RUN test -n "$APP" && node tools/images/main.mjs --stage /out ${RELEASE:+--release "$RELEASE"} "$APP" \
  && ln -s "dist/apps/$APP/src/main.js" /out/app/main.js

FROM node:24-alpine
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=16 HOST=0.0.0.0 PORT=8080 SANDBOX_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /out/app ./
USER 10001:10001
ENTRYPOINT ["node", "--single-threaded-gc", "main.js"]
