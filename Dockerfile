# syntax=docker/dockerfile:1
# coalmine as one static program in an image that holds little else: what a Kubernetes Job or any other container
# engine plays shards with.
#
#   docker build -t coalmine:0.1.0 .
#   docker run --rm coalmine:0.1.0 simulate wedge

FROM rust:1.90-alpine3.22 AS build
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /coalmine
COPY . .
RUN cargo build --locked --profile dist --bin coalmine

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /coalmine/target/dist/coalmine /usr/local/bin/coalmine
USER 65532:65532
WORKDIR /results
ENTRYPOINT ["/usr/local/bin/coalmine"]
