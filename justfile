# Every task by name. A recipe is one line; what has logic is a chore of crates/xtask.

# List the recipes
default:
    @just --list

# Build everything and walk through plan, apply and drift on a simulated cloud
[group('demo')]
demo *args:
    cargo xtask demo {{args}}

# Build the program with the plugins beside it (--release: as users get it)
[group('demo')]
build *args:
    cargo xtask build {{args}}

# Run every test; arguments go to cargo test
[group('test')]
test *args:
    cargo xtask test {{args}}

# Run the tests on servers that others wrote, in Python environments of their own; arguments go to cargo test
[group('test')]
real-servers *args:
    cargo xtask test --real-servers {{args}}

# Play random worlds with faults in virtual time (--cases N, --first N, --seed N)
[group('test')]
simulate *args:
    cargo xtask simulate {{args}}

# Format, lints, the repository's rules, documentation
[group('check')]
check:
    cargo xtask check

# The repository's rules alone
[group('check')]
tidy:
    cargo xtask tidy

# Format the code
[group('check')]
fmt:
    cargo fmt --all

# Measure a release build beside what nobody can beat (--runs N, --only PART, --json FILE)
[group('bench')]
bench *args:
    cargo xtask bench {{args}}

# Collect a release build in dist/, with checksums
[group('dist')]
dist:
    cargo xtask dist

# Build the documentation and say where it is
[group('docs')]
docs:
    cargo xtask docs

# What the server runs, nothing more or less
[group('ci')]
ci:
    bash .ci/run
