#!/bin/sh
# Makes the secrets that compose.yaml reads, each once: what is there stays. They are readable inside the containers, whose
# users differ; on this machine the folder keeps others out.
set -eu
cd "$(dirname "$0")"
umask 022
mkdir -p secrets
chmod 700 secrets

make() {
	[ -s "secrets/$1" ] || openssl rand -hex 24 >"secrets/$1"
}
write() {
	printf '%s\n' "$2" >"secrets/$1"
}

make postgres-password
make redis-password
make dogwatch-token
make alertmanager-webhook-secret
make grafana-admin-password
write database-url "postgres://dogwatch:$(cat secrets/postgres-password)@postgres:5432/dogwatch"
write redis-url "redis://:$(cat secrets/redis-password)@redis:6379/0"
write redis.conf "requirepass $(cat secrets/redis-password)"

[ -s secrets/kubeconfig ] || echo "Copy the kubeconfig of the cluster to watch to $(pwd)/secrets/kubeconfig (chmod 644)."
