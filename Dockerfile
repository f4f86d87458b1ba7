# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked \
    && cp target/release/oruk-gateway /usr/local/bin/oruk-gateway

# The C library and root certificates; no shell, no package manager. Runs as a user without rights.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/oruk-gateway /usr/local/bin/oruk-gateway
COPY LICENSE NOTICE web/dist/THIRD-PARTY.txt /usr/share/doc/oruk-gateway/
EXPOSE 8080
# No HEALTHCHECK: the image has nothing to ask with. Have the orchestrator ask /health/live and /health/ready.
ENTRYPOINT ["/usr/local/bin/oruk-gateway"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
