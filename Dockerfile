# Built by BuildKit (the engine's own builder since 23, or buildx):
#   docker build -t socketrelay .
#   docker buildx build --platform linux/amd64,linux/arm64 -t socketrelay .
# A release pins the base: --build-arg SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0@sha256:…
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0

# The SDK runs on the building machine's own architecture and cross-compiles: an emulated compiler takes many times as long.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG BUILDARCH TARGETARCH
RUN set -eu; \
    packages="clang lld zlib1g-dev"; \
    case "$BUILDARCH/$TARGETARCH" in \
      amd64/amd64|arm64/arm64) ;; \
      amd64/arm64) packages="$packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;; \
      arm64/amd64) packages="$packages gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;; \
      *) echo "no build on $BUILDARCH for $TARGETARCH" >&2; exit 1 ;; \
    esac; \
    apt-get update -q; \
    apt-get install -y -q --no-install-recommends $packages; \
    rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# --mount keeps downloaded packages for the next build and out of every layer.
RUN --mount=type=cache,target=/root/.nuget/packages set -eu; \
    case "$TARGETARCH" in amd64) runtime=linux-x64 ;; arm64) runtime=linux-arm64 ;; esac; \
    strip=; [ "$BUILDARCH" = "$TARGETARCH" ] || case "$TARGETARCH" in \
      arm64) strip=-p:ObjCopyName=aarch64-linux-gnu-objcopy ;; \
      amd64) strip=-p:ObjCopyName=x86_64-linux-gnu-objcopy ;; \
    esac; \
    dotnet publish Relay.Host -c Release -r "$runtime" -p:RestoreLockedMode=true -p:StaticExecutable=true -p:LinkerFlavor=lld $strip -o /publish; \
    mkdir -p /image/bin /image/usr/bin; \
    cp /publish/socketrelay /image/socketrelay; \
    ln -s /socketrelay /image/wget; \
    ln -s /socketrelay /image/bin/wget; \
    ln -s /socketrelay /image/bin/sh; \
    ln -s /socketrelay /image/bin/socketrelay; \
    ln -s /socketrelay /image/usr/bin/wget; \
    # Layers of equal content are equal layers: no time of this build goes into them.
    find /image -exec touch -h -d @0 {} +

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="SocketRelay" \
      org.opencontainers.image.description="Lets through to the Docker socket only what you opened; takes the place of tecnativa/docker-socket-proxy" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /image/ /
ENV PATH=/bin:/usr/bin
# Root, as in the reference, since the socket's group is known to the host alone. The relay gives root up as soon as the socket is there.
USER 0:0
EXPOSE 2375
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s --retries=3 CMD ["/socketrelay", "health"]
ENTRYPOINT ["/socketrelay"]
