"""Checks of what sam build made: its size, its jars against a software bill of materials (CycloneDX) that Maven makes of the
runtime dependencies, their licences, and versions that must not come back. The bill stays as target/ci/sbom.json."""

import copy
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 20 * 1000 * 1000

# What may be handed on with a notice alone.
LICENCES = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0"}

BILL = "org.cyclonedx:cyclonedx-maven-plugin:2.9.3:makeBom"

# What is older has published vulnerabilities. No database of them is to be had offline (DECISIONS.md): this is what they said on 2026-11-25.
MENDED_IN = {
    "com.fasterxml.jackson.core.jackson-core-": (2, 21, 8),
    "com.fasterxml.jackson.core.jackson-databind-": (2, 21, 8),
}


def vulnerable(jars):
    faults = []
    for jar in sorted(jars):
        for prefix, mended in MENDED_IN.items():
            version = re.search(r"-(\d+)\.(\d+)\.(\d+)\.jar$", jar)
            if jar.startswith(prefix) and (not version or tuple(map(int, version.groups())) < mended):
                faults.append(f"{jar} has published vulnerabilities, mended in {'.'.join(map(str, mended))}")
    return faults


def zipped(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return buffer.tell()


def bill_of_materials():
    folder = ROOT / "target" / "ci"
    subprocess.run(
        ["mvn", "-B", "-q", "-ntp", BILL, "-DincludeTestScope=false", "-DincludeProvidedScope=false", "-DoutputFormat=json",
         f"-DoutputDirectory={folder}", "-DoutputName=sbom"],
        cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    return json.loads((folder / "sbom.json").read_text())


def differences(bill, jars):
    """Both ways: the components of a bill and the jars of an artifact, by name (as SAM names them) and SHA-256; and licences."""
    faults, listed = [], {}
    for component in bill["components"]:
        jar = f"{component['group']}.{component['name']}-{component['version']}.jar"
        listed[jar] = next(digest["content"] for digest in component["hashes"] if digest["alg"] == "SHA-256")
        licences = {one.get("license", {}).get("id", "another") for one in component.get("licenses", [])}
        if not licences or licences - LICENCES:
            faults.append(f"{jar} has the licence {', '.join(sorted(licences)) or 'that nobody says'}")
    faults += [f"{jar} is in the artifact and not in the bill" for jar in sorted(set(jars) - set(listed))]
    faults += [f"{jar} is in the bill and not in the artifact" for jar in sorted(set(listed) - set(jars))]
    return faults + [f"{jar} is another file than the bill says" for jar in sorted(set(jars) & set(listed)) if jars[jar] != listed[jar]]


def planted(bill):
    """Bills with one fault each, and what has to be said of it."""
    first = bill["components"][0]
    jar = f"{first['group']}.{first['name']}-{first['version']}.jar"
    for words, deed in ((f"{jar} is in the artifact and not in the bill", lambda it: it["components"].pop(0)),
                        ("more-1.jar is in the bill and not in the artifact", lambda it: it["components"].append({**first, "group": "one", "name": "more", "version": "1"})),
                        (f"{jar} is another file than the bill says", lambda it: [one.update(content="0") for one in it["components"][0]["hashes"]]),
                        (f"{jar} has the licence GPL-3.0-only", lambda it: it["components"][0].update(licenses=[{"license": {"id": "GPL-3.0-only"}}])),
                        (f"{jar} has the licence that nobody says", lambda it: it["components"][0].pop("licenses"))):
        other = copy.deepcopy(bill)
        deed(other)
        yield words, other


def digest(folder):
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return whole.hexdigest()


def main(build):
    faults = []
    functions = [build / "SettingsFunction", build / "WatchFunction", build / "PageFunction"]
    size = zipped(functions[0])
    print(f"artifact: {size / 1e6:.1f} MB zipped, {len(list((functions[0] / 'lib').iterdir()))} jars")
    if size > LARGEST:
        faults.append(f"the artifact has {size} bytes zipped, {LARGEST} are allowed")
    if len({digest(function) for function in functions}) != 1:
        faults.append("the functions were built differently")
    built = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in (functions[0] / "lib").glob("*.jar")}
    bill = bill_of_materials()
    print(f"bill of materials: CycloneDX {bill['specVersion']}, {len(bill['components'])} components, target/ci/sbom.json")
    faults += differences(bill, built)
    for words, other in planted(bill):
        found = any(words in fault for fault in differences(other, built))
        print(f"{'ok' if found else 'FAILED'}  planted: {words}")
        if not found:
            faults.append(f"the bill's check does not find: {words}")
    faults += vulnerable(built)
    if len(vulnerable({"com.fasterxml.jackson.core.jackson-databind-2.21.2.jar", "com.fasterxml.jackson.core.jackson-core-2.21.8.jar"})) != 1:
        faults.append("the check of versions does not find the planted one")
    faults += [f"no jar is {prefix}*: the check of versions misses it" for prefix in MENDED_IN if not any(jar.startswith(prefix) for jar in built)]
    for handler in re.findall(r"Handler: ([\w.]+)::", (ROOT / "template.yaml").read_text()):
        if not (functions[0] / (handler.replace(".", "/") + ".class")).is_file():
            faults.append(f"the handler {handler} is not in the artifact")
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
