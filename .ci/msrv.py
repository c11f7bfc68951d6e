"""Reads `cargo metadata` and fails if a crate that a workspace member needs to build states a newer Rust than the member."""

import json
import sys


def version(text):
    """'1.89' and '1.89.0' as (1, 89, 0)."""
    numbers = [int(number) for number in text.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


def needed(start, nodes):
    """Ids of all packages that building `start` takes, without those of its tests."""
    seen, todo = set(), [start]
    while todo:
        package = todo.pop()
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    return seen


def main():
    metadata = json.load(sys.stdin)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    failed = False
    for member in sorted(metadata["workspace_members"]):
        name, stated = packages[member]["name"], packages[member]["rust_version"]
        if not stated:
            print(f"{name}: states no rust-version")
            failed = True
            continue
        silent, newest = 0, (version("1.0"), "none")
        dependencies = needed(member, nodes) - {member}
        for dependency in sorted(dependencies):
            package = packages[dependency]
            label, wants = f"{package['name']} {package['version']}", package["rust_version"]
            if not wants:
                silent += 1
                continue
            newest = max(newest, (version(wants), f"{label} wants {wants}"))
            if version(wants) > version(stated):
                print(f"{name}: states rust-version {stated}, but {label} wants {wants}")
                failed = True
        print(f"{name}: {stated}; {len(dependencies)} dependencies, {silent} state nothing, the newest: {newest[1]}")
    print("Checked: what the dependencies state (here), and the standard library's items (clippy::incompatible_msrv, above).")
    print("Not checked: a build by that compiler itself.")
    sys.exit(failed)


main()
