#!/usr/bin/env bash
# Puts real Redis and Valkey servers into a private folder, for the tests and benchmarks that need them.
#
#   eng/redis/install.sh [7|8|valkey|all] [FOLDER]       default: all, into artifacts/redis of this repository
#
# The servers are FOLDER/7/bin/redis-server, FOLDER/8/bin/redis-server and FOLDER/valkey/bin/valkey-server. The command line and
# benchmark tools are in the same folders. Redis 7 is Debian 12's package, Redis 8 and Valkey 8 are Debian 13's. Packages are
# downloaded and unpacked, never installed. The system's packages, services and apt state do not change, and root is not needed.
# Each server runs with the loader and libraries that are unpacked with it. So Debian 13's build runs on Debian 12, and the
# reverse.
set -euo pipefail

fail() { echo "eng/redis/install.sh: $*" >&2; exit 1; }

readonly tools=(server cli benchmark)
readonly common=(libc6 libgcc-s1 libstdc++6 libatomic1 libjemalloc2 liblzf1 libsystemd0 libcap2 libzstd1 zlib1g)
readonly packages_bookworm=("${common[@]}" libssl3 libgcrypt20 libgpg-error0 liblz4-1 liblzma5)
readonly packages_trixie=("${common[@]}" libssl3t64)

# Prints apt source lines for release $1, derived from this machine's own mirror. Does not use apt's release info, because a new
# machine has none before its first "apt-get update".
sources_for() {
    local release=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=
    if [ -r "$keyring" ]; then signed="[signed-by=$keyring] "; fi
    # shellcheck disable=SC2016  # apt-get fills in the $(...) fields
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
        awk -v own="$VERSION_CODENAME" -v release="$release" -v signed="$signed" '
            $3 == "main" && ($2 == own || $2 == own "-security") { sub(own, release, $2); print "deb " signed $1, $2, $3 }'
}

# Downloads the packages $3... of release $1 and unpacks them into folder $2.
unpack() {
    local release=$1 root=$2 apt
    shift 2
    apt=$root.apt
    mkdir -p "$root" "$apt"/{lists,archives}/partial "$apt"/{state,debs}
    sources_for "$release" > "$apt/sources.list"
    [ -s "$apt/sources.list" ] || fail "no Debian mirror found among this machine's apt sources"
    : > "$apt/state/status"     # apt must see a machine without packages, whatever is installed here
    cat > "$apt/apt.conf" <<CONF
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt/state";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/state/status";
Dir::Cache "$apt";
Dir::Cache::Archives "$apt/archives";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
// Hooks of the machine's own configuration would change its system-wide folders.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
    apt-get -c "$apt/apt.conf" -qq update
    (cd "$apt/debs" && apt-get -c "$apt/apt.conf" -qq download "$@")
    local package
    for package in "$apt"/debs/*.deb; do dpkg --extract "$package" "$root"; done
    rm -rf "$apt"
}

# Writes $1/bin/$2-TOOL for every tool: a launcher that finds loader and libraries relative to itself, wherever the folder is.
write_launchers() {
    local home=$1 product=$2 triplet loader tool
    triplet=$(cd "$home/root/usr/lib" && echo *-linux-gnu*)
    loader=$(cd "$home/root" && find * -name 'ld-linux-*.so.*' -path "*/$triplet/*" | head -n 1)
    [ -n "$loader" ] || fail "the unpacked libc6 holds no loader for $triplet"
    mkdir -p "$home/bin"
    for tool in "${tools[@]/#/$product-}"; do
        # redis-server is a link to redis-check-rdb. The name in argv[0] decides what the program does.
        cat > "$home/bin/$tool" <<LAUNCHER
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../root
exec "\$root/$loader" --argv0 $tool \\
    --library-path "\$root/lib/$triplet:\$root/usr/lib/$triplet" "\$root/usr/bin/$tool" "\$@"
LAUNCHER
        chmod +x "$home/bin/$tool"
    done
}

install_server() {
    local version=$1 folder=$2 release product=redis
    local -a packages
    case $version in
        7) release=bookworm packages=("${packages_bookworm[@]}") ;;
        8) release=trixie packages=("${packages_trixie[@]}") ;;
        valkey) release=trixie packages=("${packages_trixie[@]}") product=valkey ;;
    esac
    local home=$folder/$version server=$product-server
    if ! "$home/bin/$server" --version > /dev/null 2>&1; then
        # Build in a temporary folder and move it when complete, so that an interrupted install is never taken for a complete one.
        local build=$folder/.$version.new
        rm -rf "$build" "$home"
        mkdir -p "$build"
        unpack "$release" "$build/root" "$server" "$product-tools" "${packages[@]}"
        write_launchers "$build" "$product"
        "$build/bin/$server" --version > /dev/null || fail "the unpacked server $version does not start"
        mv "$build" "$home"
    fi
    echo "$home/bin/$server: $("$home/bin/$server" --version)"
}

what=${1:-all}
case $what in
    7 | 8 | valkey) versions=("$what") ;;
    all) versions=(7 8 valkey) ;;
    *) fail "usage: eng/redis/install.sh [7|8|valkey|all] [FOLDER]" ;;
esac

# shellcheck disable=SC1091
. /etc/os-release
if [ "${ID:-}" != debian ] || ! command -v apt-get > /dev/null || ! command -v dpkg > /dev/null; then
    fail "this works on Debian alone. Elsewhere, install them your own way and set REDISINFER_REDIS7, REDISINFER_REDIS8" \
         "and REDISINFER_VALKEY to the paths of redis-server and valkey-server."
fi

destination=${2:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/artifacts/redis}
mkdir -p "$destination"
destination=$(cd "$destination" && pwd)
exec 9> "$destination/.lock"
flock 9     # concurrent installs wait for each other
for version in "${versions[@]}"; do install_server "$version" "$destination"; done
