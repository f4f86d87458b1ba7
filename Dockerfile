# syntax=docker/dockerfile:1
# `just image` resolves these tags to digests and builds from those; a plain `docker build` uses the tags as they are now.
ARG RUST_IMAGE=docker.io/library/rust:1.95-slim-bookworm
ARG DEBIAN_IMAGE=docker.io/library/debian:bookworm-slim
FROM ${RUST_IMAGE} AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked \
    && cp target/release/oruk-gateway /usr/local/bin/oruk-gateway

FROM ${DEBIAN_IMAGE}
# Root certificates, to read feeds over https; nothing else is needed.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    # For `catalogue.directory`; a volume mounted here takes on this owner.
    && install --directory --owner=65532 --group=65532 /var/lib/oruk-gateway
COPY --from=build /usr/local/bin/oruk-gateway /usr/local/bin/oruk-gateway
COPY LICENSE NOTICE web/dist/THIRD-PARTY.txt /usr/share/doc/oruk-gateway/
# An unprivileged account, by number so that orchestrators can check it.
USER 65532:65532
EXPOSE 8080
# No HEALTHCHECK: the image has no HTTP client. Have the orchestrator check /health/live and /health/ready.
ENTRYPOINT ["/usr/local/bin/oruk-gateway"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
