#!/bin/sh
# Builds the image from base images named by digest, so that the build can be identified and repeated.
# Usage: deploy/build-image.sh [TAG]. RUST_IMAGE and DEBIAN_IMAGE are used unchanged if set to NAME@sha256:….
set -eu
cd "$(dirname "$0")/.."

pinned() {
    case $1 in
    *@sha256:*) echo "$1" ;;
    *) echo "${1%:*}@$(docker buildx imagetools inspect "$1" --format '{{.Manifest.Digest}}')" ;;
    esac
}

default() {
    sed -n "s/^ARG $1=//p" Dockerfile
}

rust=$(pinned "${RUST_IMAGE:-$(default RUST_IMAGE)}")
debian=$(pinned "${DEBIAN_IMAGE:-$(default DEBIAN_IMAGE)}")
case $rust$debian in
*@sha256:*@sha256:*) ;;
*) echo "cannot resolve a base image to a digest" >&2 && exit 1 ;;
esac
echo "RUST_IMAGE=$rust"
echo "DEBIAN_IMAGE=$debian"
exec docker build --pull --build-arg "RUST_IMAGE=$rust" --build-arg "DEBIAN_IMAGE=$debian" --tag "${1:-oruk-gateway}" .
