#!/usr/bin/env bash
# Puts the C headers of the pinned llama.cpp release into a private folder, for the tests that compare RedisInfer's declarations
# with the C compiler's layout.
#
#   eng/natives/headers/restore.sh [FOLDER]       default: artifacts/headers of this repository
#
# The npm package named in package.json contains llama.cpp's source as a git bundle. "npm pack" fetches only that package, and none
# of the hundreds that it depends on. The script then compares it with the integrity hash in package.json.
# Needs npm, git, tar and openssl. Ends with status 3 if the package does not have the expected hash.
set -euo pipefail

readonly here=$(cd "$(dirname "$0")" && pwd)
readonly package=node-llama-cpp
readonly target=$(mkdir -p "${1:-$here/../../../artifacts/headers}" && cd "${1:-$here/../../../artifacts/headers}" && pwd)

fail() { echo "eng/natives/headers/restore.sh: $2" >&2; exit "$1"; }

for tool in npm git tar openssl; do
    command -v "$tool" > /dev/null || fail 2 "$tool is not installed"
done

# package.json has two lines '"node-llama-cpp": "VALUE"': the first has the version, the second the hash.
mapfile -t pinned < <(sed -n "s/^ *\"$package\": \"\(.*\)\".*/\1/p" "$here/package.json")
readonly version=${pinned[0]} integrity=${pinned[1]}

if [[ $(cat "$target/version" 2> /dev/null) == "$version" ]]; then
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent --ignore-scripts "$package@$version" > /dev/null || fail 2 "npm could not fetch $package@$version"
found="sha512-$(openssl dgst -sha512 -binary "$package-$version.tgz" | openssl base64 -A)"
[[ $found == "$integrity" ]] || fail 3 "$package@$version has the integrity $found, expected $integrity"

tar -xzf "$package-$version.tgz" package/llama/gitRelease.bundle
git clone --quiet --no-checkout package/llama/gitRelease.bundle source
git -C source checkout --quiet HEAD -- include ggml/include

# Write the version last and with a rename, so that a concurrent restore never sees half of the headers.
mkdir -p "$target/include"
cp source/include/*.h source/ggml/include/*.h "$target/include/"
echo "$version" > "$target/version.$$"
mv "$target/version.$$" "$target/version"
